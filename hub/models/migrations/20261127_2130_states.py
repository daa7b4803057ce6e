"""Every state is one of few values, in the database as well; a floor has a reason and, apart from it, words."""

from typing import Any

from hub.models import checks

# What the columns may hold: all that this release and the one before it write.
_VALUES = {
    ("tenant", "tone"): ("formal", "friendly"),
    ("tenant", "address_style"): ("vy", "ty"),
    ("tenant", "status"): ("active", "restricted"),
    ("user", "role"): ("owner", "admin", "operator", "viewer", "guest"),
    ("user", "auth_provider"): ("local", "oidc", "mixed"),
    ("user", "theme"): ("light", "dark", "system"),
    ("agent", "creativity_level"): ("precise", "balanced", "creative"),
    ("channel", "kind"): ("website", "custom", "telegram", "telegram_personal", "whatsapp", "whatsapp_personal", "max",
                          "max_personal", "vk", "avito", "email", "instagram"),
    ("conversation", "floor"): ("ai", "operator", "nobody"),
    ("conversation", "floor_code"): ("", "paused", "closed", "reopened", "released", "escalated",
                                     "requested_by_operator", "asked_for_person", "outside_hours", "no_agent",
                                     "nothing_found", "thin_evidence", "model_handed_over", "guard",
                                     "failed_too_often"),
    ("conversation", "paused_by"): ("human", "agent", "system"),
    ("conversation", "mode"): ("learning", "semi-auto", "auto"),
    ("conversation", "last_role"): ("", "customer", "assistant", "operator", "system"),
    ("message", "role"): ("customer", "assistant", "operator", "system"),
    ("message", "content_type"): ("text", "image", "audio", "video", "file", "location", "contact", "sticker"),
    ("message", "event"): ("handoff.requested", "handoff.taken", "handoff.released", "conversation.resolved",
                           "conversation.reopened"),
    ("message", "status"): ("received", "queued", "sent", "delivered", "read", "failed", "unknown"),
    ("turn", "state"): ("running", "replied", "suggested", "handed_over", "silent", "overtaken", "failed"),
    ("turn", "reason"): ("", "answered", "quoted", "clarified", "small_talk", "question", "nothing_found",
                         "thin_evidence", "model_handed_over", "guard", "asked_for_person", "outside_hours",
                         "no_agent", "not_our_floor", "newer_line", "floor_taken", "failed_too_often"),
    ("turn", "block_reason"): ("CHECK_BEFORE_SEND", "MODE_LEARNING", "MODE_SEMI_AUTO", "FLOOR_TAKEN"),
}


def up(migrator: Any, db: Any) -> None:
    for column in ("floor_code VARCHAR(32) NOT NULL DEFAULT ''", "floor_note VARCHAR(255) NOT NULL DEFAULT ''",
                   "paused_by VARCHAR(8)"):
        db.execute_sql(f"ALTER TABLE conversation ADD COLUMN {column}")
    codes = ", ".join(f"'{code}'" for code in _VALUES["conversation", "floor_code"])
    db.execute_sql(f"UPDATE conversation SET floor_code = floor_reason WHERE floor_reason IN ({codes})")
    db.execute_sql("UPDATE conversation SET floor_code = 'asked_for_person', floor_note = floor_reason "
                   f"WHERE floor_reason NOT IN ({codes})")
    db.execute_sql("UPDATE conversation SET paused_by = 'human' WHERE floor_code = 'paused'")
    for (table, column), values in _VALUES.items():
        checks.allow_only(db, table, column, values)
    db.execute_sql("CREATE INDEX conversation_moved_elsewhere ON conversation (id) "
                   "WHERE floor_reason <> floor_code AND (floor_reason <> floor_note OR floor_note = '')")
