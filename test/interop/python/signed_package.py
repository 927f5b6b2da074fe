"""A small OVF package in an archive, signed by a key of its own, as tools make one."""

import hashlib
import io
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

DESCRIPTOR = """<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
  <References><File ovf:id="file1" ovf:href="appliance-disk1.vmdk" ovf:size="{size}"/></References>
  <DiskSection>
    <Info>Disks</Info>
    <Disk ovf:diskId="disk1" ovf:fileRef="file1" ovf:capacity="1" ovf:capacityAllocationUnits="byte * 2^30"/>
  </DiskSection>
  <VirtualSystem ovf:id="appliance"><Info>A machine</Info></VirtualSystem>
</Envelope>
"""

CAN_SIGN = shutil.which("openssl") is not None


def signed(manifest):
    """The certificate file: the signature over the manifest, and the certificate of the one who signed."""
    with tempfile.TemporaryDirectory() as folder:

        def openssl(*words):
            return subprocess.run(
                ["openssl", *words], cwd=folder, check=True, capture_output=True
            ).stdout

        request = ["req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2"]
        openssl(*request, "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/O=Example/CN=team")
        Path(folder, "appliance.mf").write_bytes(manifest)
        signature = openssl("dgst", "-sha256", "-sign", "key.pem", "appliance.mf")
        certificate = Path(folder, "cert.pem").read_text()
    return f"SHA256(appliance.mf)= {signature.hex()}\n{certificate}".encode()


def signed_package(disk):
    """The bytes of the archive, and the files that an item has of it, by their names."""
    kept = {
        "appliance.ovf": DESCRIPTOR.format(size=len(disk)).encode(),
        "appliance-disk1.vmdk": disk,
    }
    lines = [f"SHA256({name})= {hashlib.sha256(data).hexdigest()}\n" for name, data in kept.items()]
    manifest = "".join(lines).encode()
    proofs = {"appliance.mf": manifest, "appliance.cert": signed(manifest)}
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as archive:
        for name, data in [*kept.items(), *proofs.items()]:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return into.getvalue(), kept
