"""Lets a service recognise an item's author without any record of who the author is."""

import base64
import hmac
import json
from typing import Final

_COLOURS_AND_MOODS: Final = """
    Amber Ancient Azure Blithe Bold Bright Brisk Bronze Calm Candid Cheerful Clear Clever Cobalt Copper Coral
    Cosy Crimson Curious Deft Eager Early Emerald Fair Fleet Gentle Gilded Glad Golden Happy Hazel Honest
    Indigo Ivory Jade Jolly Keen Kind Lilac Lively Lucid Lucky Maple Mellow Merry Mild Misty Noble
    Olive Opal Patient Pearl Placid Quiet Rosy Ruby Russet Sage Serene Silver Sunny Teal Velvet Violet
"""
_ANIMALS: Final = """
    Alpaca Badger Beaver Bison Bluebird Bobcat Bunting Caribou Chamois Cricket Curlew Dolphin Dormouse Dove Egret Falcon
    Finch Firefly Fox Gazelle Goldfinch Grebe Hare Hedgehog Heron Ibex Ibis Jackdaw Kestrel Kingfisher Kiwi Koala
    Lark Linnet Llama Lynx Magpie Manatee Marmot Marten Moose Nightjar Nuthatch Ocelot Oriole Osprey Otter Owl
    Panda Partridge Pelican Penguin Plover Puffin Quail Robin Salmon Seal Sparrow Starling Swallow Swift Turtle Wren
"""
_FIRST_WORDS: Final = tuple(_COLOURS_AND_MOODS.split())
_SECOND_WORDS: Final = tuple(_ANIMALS.split())
_NUMBERS: Final = range(10, 100)
_ID_LENGTH: Final = 26


def authorship(key: bytes, person_id: str, item_id: str) -> str:
    """The proof that this person wrote this item; the same for the same three, and it names nobody."""
    return _digest(key, "authorship", person_id, item_id).hex()


def is_author(key: bytes, person_id: str, item_id: str, proof: str) -> bool:
    """True where the proof was made for this person and item; takes equally long for every wrong proof."""
    expected = authorship(key, person_id, item_id)
    return hmac.compare_digest(expected.encode(), proof.encode(errors="replace"))


def pseudonym(key: bytes, person_id: str, item_id: str) -> str:
    """A name such as "Amber Heron 42": always the same for a person on one item, unrelated on any other."""
    chosen = int.from_bytes(_digest(key, "pseudonym", person_id, item_id))
    chosen, first = divmod(chosen, len(_FIRST_WORDS))
    chosen, second = divmod(chosen, len(_SECOND_WORDS))
    return f"{_FIRST_WORDS[first]} {_SECOND_WORDS[second]} {_NUMBERS[chosen % len(_NUMBERS)]}"


def private_id(key: bytes, *parts: str) -> str:
    """An id of 26 letters and digits that the same parts always give and that does not betray them."""
    return base64.b32encode(_digest(key, "id", *parts)).decode().lower()[:_ID_LENGTH]


def _digest(key: bytes, purpose: str, *parts: str) -> bytes:
    # JSON keeps ("ab", "c") and ("a", "bc") apart; the purpose keeps an id from serving as a proof.
    return hmac.digest(key, json.dumps([purpose, *parts]).encode(), "sha256")
