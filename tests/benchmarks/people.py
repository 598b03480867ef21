"""People who never hesitate: rows that a benchmark adds to the services' tables, so that items go round by themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from pydantic import BaseModel

from services.codify.steps.appoint import AppointCurator
from services.codify.steps.ask_for_decision import Asked, AskForDecision, ask_for_decision
from services.codify.storage import ASKED
from services.share.domain.shared_item import Reactions, SharedItem
from services.share.steps.nominate_item import NominateItem, nominate_by_word
from services.share.storage import ITEMS, ShareStorage
from services.spread.domain.subscription import Wanted
from services.spread.steps.subscribe import Subscribe
from shared.contracts.codify import ReviewOpened
from shared.contracts.share import ItemShared
from shared.flow.step import Moment, On, Outcome
from shared.identity.signatures import DecisionClaims, sign
from tests.benchmarks.items import CHAMPION, CURATOR, DEPARTMENT, REASON, TOPIC


def champion(item: SharedItem | None, heard: ItemShared, moment: Moment[Reactions]) -> Outcome[SharedItem]:
    """Nominate whatever is shared."""
    wish = NominateItem(item_id=heard.item_id, who=CHAMPION, proof="", word_is_enough=True)
    return nominate_by_word(item, wish, moment)


def decision_id(heard: ReviewOpened) -> str:
    """One decision for each version."""
    return str(uuid5(NAMESPACE_OID, f"{CURATOR.id}/{heard.item_id}/{heard.version}"))


def signed(heard: ReviewOpened, key: str, now: datetime) -> str:
    """The approval of what is under review."""
    claims = DecisionClaims(
        item_id=heard.item_id,
        version=heard.version,
        content_sha256=heard.content_sha256,
        decision="approve",
        reason=REASON,
        sub=CURATOR.id,
        jti=decision_id(heard),
        iat=int(now.timestamp()),
        exp=int((now + timedelta(days=1)).timestamp()),
    )
    return sign(claims, key)


def rows(service: str, gateway_key: str) -> tuple[On, ...]:
    """What people add to a service's table."""

    def curator(asked: Asked | None, heard: ReviewOpened, moment: Moment) -> Outcome[Asked]:
        wish = AskForDecision(
            decision_id=moment.id, item_id=heard.item_id, jws=signed(heard, gateway_key, moment.now)
        )
        return ask_for_decision(asked, wish, moment)

    return {
        "share": (On(ItemShared, champion, into=ITEMS, given=ShareStorage.reactions_to),),
        "codify": (On(ReviewOpened, curator, into=ASKED, key=decision_id),),
    }.get(service, ())


def furniture(service: str) -> Sequence[BaseModel]:
    """What must be there before the first item comes: a curator with the say, and a department that follows."""
    wanted = Wanted(topics=(TOPIC,))
    there: dict[str, Sequence[BaseModel]] = {
        "codify": [AppointCurator(person=CURATOR, topics=("",), own_keys=())],
        "spread": [Subscribe(subscription_id="s", department=DEPARTMENT, wanted=wanted, by=CHAMPION)],
    }
    return there.get(service, ())
