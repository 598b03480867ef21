"""Reads settings, or says in one sentence which of them to correct."""

from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import SettingsError

from deploy.local.stopped import CannotRun, Reason
from shared.settings import FromEnvironment, correction

Kind = TypeVar("Kind", bound=FromEnvironment)


def read(kind: type[Kind]) -> Kind:
    """The settings of this kind as the environment and the folder of secrets have them now.

    Raises:
        CannotRun: one is missing, has the wrong form, or cannot be read; the sentence names it.
    """
    try:
        return kind()
    except ValidationError as error:
        raise CannotRun(Reason.SETTINGS_WRONG, correction(error)) from error
    except SettingsError as error:
        sentence = f"Let this process read its secrets, as text: {error} ({error.__cause__})."
        raise CannotRun(Reason.SETTINGS_WRONG, sentence) from error
