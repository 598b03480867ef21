"""How an author appears: by name, by a pseudonym of this item's own, or not at all."""

from typing import Annotated

from fastapi import Depends, Request

from shared.contracts.base import Attribution, Author, Who
from shared.identity.authorship import authorship, pseudonym
from shared.identity.people import Person


async def _author_key(request: Request) -> bytes:
    key: bytes = request.app.state.author_key
    return key


AuthorKey = Annotated[bytes, Depends(_author_key)]


def author(key: bytes, person: Person, item_id: str, attribution: Attribution) -> Author:
    """The author as everybody may know them; asking again for the same item gives the same."""
    proof = authorship(key, person.id, item_id)
    match attribution:
        case Attribution.NAMED:
            return Author(attribution=attribution, name=person.name, person=person.id, proof=proof)
        case Attribution.PSEUDONYMOUS:
            return Author(attribution=attribution, name=pseudonym(key, person.id, item_id), proof=proof)
        case Attribution.ANONYMOUS:
            return Author(attribution=attribution, name="somebody", proof=proof)


def who(person: Person) -> Who:
    """Somebody who acts by name."""
    return Who(id=person.id, name=person.name, department=person.department)
