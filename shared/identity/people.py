"""Who acts: the same person and the same roles mean the same thing in every service."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_serializer


class Role(StrEnum):
    """What a person does for the circulation; one person may hold several roles."""

    MEMBER = "member"
    FACILITATOR = "facilitator"
    CHAMPION = "champion"
    CURATOR = "curator"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


class Person(BaseModel):
    """Someone who signed in, as the issuer's token describes them; never changes once made.

    Raises:
        pydantic.ValidationError: a field is missing, empty or of the wrong type.
    """

    model_config = ConfigDict(frozen=True)

    id: str = Field(min_length=1, max_length=255)
    name: str = Field(min_length=1, max_length=255)
    department: str = Field(min_length=1, max_length=255)
    roles: frozenset[Role]

    @field_serializer("roles")
    def _in_order(self, roles: frozenset[Role]) -> list[Role]:
        return sorted(roles)
