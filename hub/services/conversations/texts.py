"""What the hub itself says to a customer, in the customer's language."""

TEXTS: dict[str, dict[str, str]] = {
    "handoff.requested": {
        "ru": "Передаю разговор человеку. Он ответит здесь, в этом чате.",
        "en": "I am passing this on to a person. They will answer here in this chat."},
    "handoff.taken": {"ru": "{name} теперь отвечает вам.", "en": "{name} is answering you now."},
    "handoff.released": {"ru": "Снова отвечает {name}.", "en": "{name} is answering again."},
    "conversation.resolved": {"ru": "Разговор завершён. Напишите, если появятся вопросы.",
                              "en": "This conversation is closed. Write again whenever you like."},
    "conversation.reopened": {"ru": "Разговор открыт снова.", "en": "The conversation is open again."},
    "no_answer": {
        "ru": "Точного ответа на этот вопрос у меня нет, поэтому я позову человека. Он ответит здесь.",
        "en": "I do not have a reliable answer to this, so I am asking a person. They will answer here."},
}


def say(key: str, language: str | None, **values: str) -> str:
    """The text for `key` in ru or en (anything else: en)."""
    texts = TEXTS[key]
    return texts[language if language in texts else "en"].format(**values)
