"""A cluster with TLS: only who has a certificate of its authority may talk with it. They are made on the fly."""

import gc
import ipaddress
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from makemore import jobs as jobs_module
from makemore.data.examples import Dataset
from makemore.experiments.cluster_security import ClusterAddressError, read_connection
from makemore.jobs import Handle, JobError, Jobs
from makemore.jobs.workers.cluster import Cluster
from tests.jobs.clusters import HOST, LoopbackCluster
from tests.jobs.conftest import QUICK, SpecOf, arrived, assert_same, finished, reference, until

DAY = timedelta(days=1)
# A handshake that fails, or takes Dask too long on a busy machine, leaves its socket to the collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning",
    "ignore:unclosed <ssl.SSLSocket:ResourceWarning",
)
NAMES = ("MAKEMORE_CLUSTER_CA", "MAKEMORE_CLUSTER_CERT", "MAKEMORE_CLUSTER_KEY")


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


class Authority:
    """Signs certificates for this machine; `files` are its own, one that it signed, and the key of that one."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._key = ec.generate_private_key(ec.SECP256R1())
        own = self._certificate("authority", self._key.public_key(), may_sign=True)
        key = ec.generate_private_key(ec.SECP256R1())
        signed = self._certificate(HOST, key.public_key(), may_sign=False)
        unlocked = serialization.NoEncryption()
        pem, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        contents = (
            own.public_bytes(pem),
            signed.public_bytes(pem),
            key.private_bytes(pem, plain, unlocked),
        )
        self.files = [folder / each for each in ("ca.pem", "cert.pem", "key.pem")]
        for file, content in zip(self.files, contents, strict=True):
            file.write_bytes(content)

    def _certificate(
        self, subject: str, key: ec.EllipticCurvePublicKey, *, may_sign: bool
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        address = x509.IPAddress(ipaddress.ip_address(HOST))
        return (
            x509.CertificateBuilder(name("authority"), name(subject), key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + DAY)
            .add_extension(x509.BasicConstraints(may_sign, None), critical=True)
            .add_extension(x509.SubjectAlternativeName([address]), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def environment(self) -> dict[str, str]:
        """What a server is told."""
        return dict(zip(NAMES, map(str, self.files), strict=True))

    @property
    def options(self) -> list[str]:
        """What Dask's programs are told."""
        kinds = ("ca-file", "cert", "key")
        return [f"--tls-{kind}={file}" for kind, file in zip(kinds, self.files, strict=True)]


@pytest.fixture(autouse=True)
def _collect_here() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls") / "ours")


@pytest.fixture(scope="module")
def secured(ours: Authority) -> Iterator[LoopbackCluster]:
    cluster = LoopbackCluster(scheme="tls", options=ours.options)
    with closing(cluster):
        cluster.add_worker()
        yield cluster


def test_a_training_over_tls(
    secured: LoopbackCluster, ours: Authority, few: Dataset, spec: SpecOf
) -> None:
    connection = read_connection(secured.address, ours.environment)
    crew = Cluster(secured.address, connection, QUICK)
    with closing(Jobs(workers=1, crew=crew)) as jobs:
        assert arrived(jobs, 1)
        handle = jobs.start(spec(), few, "a")
        assert finished(handle).status == "finished"
        assert_same(handle.state(), reference(handle.spec, few))


def test_the_variables_lead_to_it(
    secured: LoopbackCluster, ours: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKEMORE_AUTOSAVE", str(tmp_path))
    monkeypatch.setenv("MAKEMORE_CLUSTER", secured.address)
    for variable, file in ours.environment.items():
        monkeypatch.setenv(variable, file)
    jobs_module.shared().close()
    with closing(jobs_module.shared()) as shared:
        assert arrived(shared, 1)


@pytest.mark.parametrize("stranger", ["no TLS", "another authority"])
def test_a_stranger_is_not_let_in(
    secured: LoopbackCluster, few: Dataset, spec: SpecOf, tmp_path: Path, stranger: str
) -> None:
    address, connection = secured.address.replace("tls:", "tcp:"), {}
    if stranger == "another authority":
        address = secured.address
        connection = read_connection(address, Authority(tmp_path / "theirs").environment)
    with closing(Jobs(workers=1, crew=Cluster(address, connection, QUICK))) as jobs:
        handle = jobs.start(spec(), few, "a")
        assert isinstance(handle, Handle)
        state = until(handle, lambda state: "does not answer" in state.message)
        assert (state.status, state.step) == ("queued", 0)


@pytest.mark.parametrize(
    "address", ["scheduler:8786", "http://scheduler:8786", "tcp://scheduler", "tcp://a b:1"]
)
def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    jobs_module.shared().close()
    monkeypatch.setenv("MAKEMORE_CLUSTER", address)
    with pytest.raises(JobError, match=r"MAKEMORE_CLUSTER is .* must be like tcp://host:8786"):
        jobs_module.shared()


def test_certificates_that_do_not_work(ours: Authority, tmp_path: Path) -> None:
    with pytest.raises(ClusterAddressError, match="its address begins with tls://"):
        read_connection("tcp://host:8786", ours.environment)
    with pytest.raises(ClusterAddressError, match="MAKEMORE_CLUSTER_KEY is ''"):
        read_connection("tls://host:8786", ours.environment | {NAMES[2]: ""})
    other = Authority(tmp_path / "other").environment
    with pytest.raises(ClusterAddressError, match="do not work"):
        read_connection("tls://host:8786", ours.environment | {NAMES[2]: other[NAMES[2]]})


def test_without_dask_it_is_said_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs_module.shared().close()
    monkeypatch.setenv("MAKEMORE_CLUSTER", "tcp://host:8786")
    monkeypatch.setattr(jobs_module, "find_spec", lambda name: None)
    with pytest.raises(JobError, match=r"pip install -r requirements-cluster\.txt"):
        jobs_module.shared()
