"""Share's HTTP endpoints: read what is shared, endorse, try, nominate; communities."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.share.domain.community import Community
from services.share.domain.shared_item import SharedItem
from services.share.shown import (
    Endorsing,
    Founding,
    Nominating,
    ShownCommunity,
    ShownSharedItem,
    ShownSharedItemWhole,
    Trying,
    Vouched,
)
from services.share.steps.gather import FoundCommunity, JoinCommunity, LeaveCommunity
from services.share.steps.nominate_item import NominateItem
from services.share.steps.react import EndorseItem, TryItem, present
from services.share.storage import COMMUNITIES
from shared.contracts.base import TopicName
from shared.flow.step import Refused
from shared.identity.authorship import authorship
from shared.identity.people import Person, Role
from shared.storage.document import Document
from shared.web.authors import AuthorKey, who
from shared.web.paging import Cursor, Limit, Listing, decode, listing
from shared.web.secrets import refuse_secrets
from shared.web.signed_in import Actor, Flow, admit
from shared.web.text import Line

router = APIRouter(prefix="/share", tags=["share"], dependencies=[Depends(admit)])


async def _item(item_id: str, flow: Flow) -> Document[SharedItem]:
    found: Document[SharedItem] | None = await flow.storage.item(item_id)
    present(found.state if found else None)
    return found or Document(item_id)


Found = Annotated[Document[SharedItem], Depends(_item)]


async def _reaction(item_id: str, actor: Actor, key: AuthorKey) -> dict[str, Any]:
    return {"item_id": item_id, "who": who(actor), "proof": authorship(key, actor.id, item_id)}


By = Annotated[dict[str, Any], Depends(_reaction)]


@router.get("/items")
async def items(
    flow: Flow,
    request: Request,
    response: Response,
    topic: Annotated[TopicName | None, Query()] = None,
    community: Annotated[Line | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listing[ShownSharedItem]:
    """What is shared, with everybody or with one community, which goes by its id or its name."""
    name = await _named(community, flow) if community else None
    wanted = {"state.content.topics": topic, "state.communities": name}
    where = {name: value for name, value in wanted.items() if value is not None}
    page = await flow.storage.items(where, limit, decode(cursor))
    return listing(page, ShownSharedItem.of, request, response)


async def _named(community: str, flow: Flow) -> str:
    for one in await flow.storage.communities():
        if community in {one.community_id, one.name}:
            return str(one.name)
    raise Refused("There is no such community; `knowhow communities list` shows them.", 404)


@router.get("/items/{item_id}")
async def item(found: Found, flow: Flow) -> ShownSharedItemWhole:
    """One item with what people said of it."""
    reactions = await flow.storage.reactions_to([found.known])
    return ShownSharedItemWhole.with_reactions(found, reactions[0])


@router.post("/items/{item_id}/endorsements", status_code=201)
async def endorse(wish: Endorsing, by: By, flow: Flow) -> Vouched:
    """Vouch for somebody else's item; once for each person, however often it is sent."""
    refuse_secrets(wish.model_dump())
    done = await flow.do(EndorseItem(**by, comment=wish.comment))
    return Vouched(item_id=by["item_id"], changed=done.changed)


@router.post("/items/{item_id}/tries", status_code=201)
async def try_it(wish: Trying, by: By, flow: Flow) -> Vouched:
    """Tell what came of trying somebody else's item; a later try takes the place of an earlier one."""
    refuse_secrets(wish.model_dump())
    done = await flow.do(TryItem(**by, outcome=wish.outcome, note=wish.note))
    return Vouched(item_id=by["item_id"], changed=done.changed)


@router.post("/items/{item_id}/nominations", status_code=201)
async def nominate(wish: Nominating, by: By, actor: Actor, flow: Flow) -> Vouched:
    """Put somebody else's item forward on one's own word; for champions and curators."""
    refuse_secrets(wish.model_dump())
    done = await flow.do(NominateItem(**by, word_is_enough=_word_is_enough(actor), reason=wish.reason))
    return Vouched(item_id=by["item_id"], changed=done.changed)


def _word_is_enough(person: Person) -> bool:
    return not person.roles.isdisjoint({Role.CHAMPION, Role.CURATOR})


@router.get("/communities")
async def communities(flow: Flow) -> Listing[ShownCommunity]:
    """All communities."""
    found: list[Community] = await flow.storage.communities()
    counted = [(one, await flow.storage.members(one.community_id)) for one in found]
    return Listing(items=[ShownCommunity.of(one, members) for one, members in counted])


@router.post("/communities", status_code=201)
async def found(wish: Founding, flow: Flow) -> ShownCommunity:
    """Found a community; its id follows from its name."""
    identity = re.sub(r"[^a-z0-9]+", "-", wish.name.lower()).strip("-")[:60]
    if not identity:
        raise Refused("Give it a name with at least one letter or digit of the Latin alphabet.", 422)
    topics = tuple(sorted(set(wish.topics)))
    done = await flow.do(FoundCommunity(community_id=identity, name=wish.name, kind=wish.kind, topics=topics))
    return ShownCommunity.of(done.state(COMMUNITIES.name), await flow.storage.members(identity))


@router.put("/communities/{community_id}/members/me", status_code=204)
async def join(community_id: str, actor: Actor, flow: Flow) -> None:
    """Join a community."""
    await flow.do(JoinCommunity(community_id=community_id, who=who(actor)))


@router.delete("/communities/{community_id}/members/me", status_code=204)
async def leave(community_id: str, actor: Actor, flow: Flow) -> None:
    """Leave a community."""
    await flow.do(LeaveCommunity(community_id=community_id, who=who(actor)))
