"""People found communities, join them and leave them.

Hears   FoundCommunity, JoinCommunity and LeaveCommunity, from share's own API
Says    nothing
Next    services/share/steps/share_item.py, which shares with the communities that there are
"""

from pydantic import BaseModel

from services.share.domain.community import Community, CommunityKind, Member
from shared.contracts.base import Who
from shared.flow.step import Moment, Outcome, Refused, unchanged


class FoundCommunity(BaseModel):
    """The wish for a new community."""

    community_id: str
    name: str
    kind: CommunityKind
    topics: tuple[str, ...]


class JoinCommunity(BaseModel):
    """The wish to be in a community."""

    community_id: str
    who: Who


class LeaveCommunity(JoinCommunity):
    """The wish to be in it no longer."""


def found_community(community: Community | None, heard: FoundCommunity, _: Moment) -> Outcome[Community]:
    """Found the community; founding the same again changes nothing.

    Raises:
        Refused: another community has this name.
    """
    founded = Community(**dict(heard))
    if community and community != founded:
        raise Refused(
            f"There is the community “{community.name}” already; join it, or choose a name with other letters or digits."
        )
    return Outcome(founded)


def join_community(
    member: Member | None, heard: JoinCommunity, moment: Moment[Community | None]
) -> Outcome[Member]:
    """Join; joining again changes nothing.

    Raises:
        Refused: there is no such community.
    """
    if moment.given is None:
        raise Refused("There is no such community; `knowhow communities list` shows them.", 404)
    joined = Member(community_id=heard.community_id, who=heard.who)
    return unchanged(member) if member == joined else Outcome(joined)


def leave_community(member: Member | None, _: LeaveCommunity, __: Moment) -> Outcome[Member]:
    """Leave; leaving again, or where one never was, changes nothing."""
    return Outcome(member.model_copy(update={"left": True})) if member else unchanged(member)
