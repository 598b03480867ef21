"""Which signature algorithms are accepted, so that no token or decision can choose its own."""

from typing import Any, Final

from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry, extract_compact

# Hostile input can make a parser fail in all of these ways before it comes to the signature.
MALFORMED: Final = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


class FixedAlgorithms(JWSRegistry):
    """Accepts the algorithms it is made with and no other.

    joserfc itself warns whenever `EdDSA` is used, because RFC 9864 prefers the name `Ed25519`. Other issuers and tools
    still say `EdDSA`, so here it is a choice and not a warning.
    """

    def get_alg(self, name: str) -> Any:
        """The algorithm of this name.

        Raises:
            UnsupportedAlgorithmError: the name is not on the list; this includes `none` and every shared-secret one.
        """
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError(f"Algorithm of '{name}' is not accepted")
        return self.algorithms[name]


def header_of(jws: str, accepted: FixedAlgorithms) -> dict[str, Any]:
    """The header of a compact JWS, with an accepted algorithm but not yet a verified signature.

    Raises:
        one of `MALFORMED`: the text is not a compact JWS or its header is not acceptable.
    """
    header = extract_compact(jws.encode(), registry=accepted).headers()
    accepted.check_header(header)
    accepted.get_alg(header["alg"])
    return header
