"""What an index may lack: told to all instances through the database, because each of them matches by it."""

from shared.storage.documents import Documents


class Debts:
    """Counts the writes that an index did not get, and how many of those are in it since it was rebuilt."""

    def __init__(self, documents: Documents, index: str) -> None:
        self.table = documents.database["index_debts"]
        self.index = index

    async def owe(self) -> None:
        """The documents have something that was not written to the index."""
        await self.table.update_one({"_id": self.index}, {"$inc": {"owed": 1}}, upsert=True)

    async def owed(self) -> int:
        """How many writes there are in the documents by now; a rebuild that begins after that finds all of these."""
        return (await self._counts())[0]

    async def pay(self, owed: int) -> None:
        """An index that was rebuilt has so many of them; paying less than before changes nothing."""
        await self.table.update_one({"_id": self.index}, {"$max": {"paid": owed}}, upsert=True)

    async def are_open(self) -> bool:
        """True where the index may lack something."""
        owed, paid = await self._counts()
        return owed > paid

    async def _counts(self) -> tuple[int, int]:
        row = await self.table.find_one({"_id": self.index}) or {}
        return row.get("owed", 0), row.get("paid", 0)
