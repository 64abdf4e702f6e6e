"""Signs one file many times with pyHanko, key in memory. Arguments: file, key.pem, certificate.pem, issuing.pem, count."""

import json
import logging
import sys
import time
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

logging.disable(logging.CRITICAL)
name, key, certificate, issuing, count = sys.argv[1:]
document = Path(name).read_bytes()
signer = signers.SimpleSigner.load(key_file=key, cert_file=certificate, ca_chain_files=(issuing,))
metadata = signers.PdfSignatureMetadata(field_name="Signature1", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")


def sign():
    out = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(document)), metadata, signer=signer, output=BytesIO())
    return len(out.getvalue())


sign()
start = time.perf_counter()
for _ in range(int(count)):
    sign()
print(json.dumps({"seconds": time.perf_counter() - start}))
