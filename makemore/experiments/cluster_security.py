"""The address of a cluster and the certificates for it, as the environment names them. Connects to nothing."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from distributed.security import Security

ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[^\s/:@]+):\d{1,5}/?")
CERTIFICATES = {
    "tls_ca_file": "MAKEMORE_CLUSTER_CA",
    "tls_client_cert": "MAKEMORE_CLUSTER_CERT",
    "tls_client_key": "MAKEMORE_CLUSTER_KEY",
}


class ClusterAddressError(ValueError):
    """An address or a certificate is none; the message says which, and what to do."""


def read_connection(address: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """What a connection to this scheduler needs: nothing for tcp. Raises ClusterAddressError."""
    security = read_security(address, environment)
    return {} if security is None else dict(security.get_connection_args("client"))


def read_security(address: str, environment: Mapping[str, str]) -> Security | None:
    """The three files that an address with tls needs; None for tcp. Raises ClusterAddressError."""
    if not ADDRESS.fullmatch(address):
        raise ClusterAddressError(
            f"MAKEMORE_CLUSTER is {address!r}; it must be like tcp://host:8786 or tls://host:8786"
        )
    files = {name: environment.get(name, "") for name in CERTIFICATES.values()}
    if not address.startswith("tls://"):
        if any(files.values()):
            raise ClusterAddressError(
                f"{', '.join(files)} are for a cluster with TLS; its address begins with tls://"
            )
        return None
    for name, file in files.items():
        if not Path(file).is_file():
            raise ClusterAddressError(
                f"{name} is {file!r}; a cluster with TLS needs a PEM file there"
            )
    given = {field: files[name] for field, name in CERTIFICATES.items()}
    try:
        security = Security(require_encryption=True, **given)
        security.get_connection_args("client")  # reads them
        return security
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ClusterAddressError(
            f"the certificates in {', '.join(files)} do not work: {error}"
        ) from None
