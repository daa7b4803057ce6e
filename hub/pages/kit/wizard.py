"""Something in steps: each a form of its own, saved when it is left in either direction, to be gone on with."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext
from pydantic import BaseModel

from hub.errors import NotFound
from hub.lib.json_types import JsonObject
from hub.models.accounts.user import User
from hub.pages.kit.form import Form
from hub.services.platform import drafts

BACK = "_back"          # the name of the button that goes back without a check


@dataclass(frozen=True)
class Step:
    """One form. The last step of a wizard may have no fields: it shows what was chosen."""

    name: str
    title: str
    model: type[BaseModel]

    @property
    def label(self) -> str:
        return str(gettext(self.title))


@dataclass(frozen=True)
class Wizard:
    """`name` is that of its drafts."""

    name: str
    steps: tuple[Step, ...]

    def asked(self, user: User) -> Step:
        """The step that `?step=` names (NotFound for another), else the one to go on with."""
        name = request.args.get("step")
        if name is None:
            return self.first_open(user)
        found = next((step for step in self.steps if step.name == name), None)
        if found is None:
            raise NotFound(message="There is no such step.")
        return found

    def beside(self, step: Step, distance: int) -> Step | None:
        """The step before (-1) or after (1), or None at the ends."""
        index = self.steps.index(step) + distance
        return self.steps[index] if 0 <= index < len(self.steps) else None

    def form(self, user: User, step: Step) -> Form[BaseModel]:
        """What this person has typed in the step so far."""
        return Form(step.model, drafts.load(user, self.name).get(step.name, {}))

    def first_open(self, user: User) -> Step:
        """Where to go on: the first step that was not left in the right state yet."""
        kept = drafts.load(user, self.name)
        return next((step for step in self.steps if not _is_done(step, kept)), self.steps[-1])

    def sent(self, user: User, step: Step) -> tuple[Form[BaseModel], Step | None]:
        """Keep what was sent. (the form, the step to show next; None: this one again, or all is done)."""
        form = Form.sent(step.model, request.form)
        drafts.keep(user, self.name, step.name, {field.name: field.value for field in form})
        if BACK in request.form:
            return form, self.beside(step, -1) or step
        return form, None if form.is_wrong else self.beside(step, 1)

    def values(self, user: User) -> JsonObject:
        """Everything typed in all steps, as one model over all of them would show it."""
        return {name: value for values in drafts.load(user, self.name).values() for name, value in values.items()}

    def drop(self, user: User) -> None:
        drafts.drop(user, self.name)


def _is_done(step: Step, kept: dict[str, JsonObject]) -> bool:
    return step.name in kept and not Form.typed(step.model, kept[step.name]).is_wrong
