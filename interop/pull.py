"""Has the hub's own package read the cache that `sweetspot pull` fills, and the other way round.

    python interop/pull.py SWEETSPOT FOLDER MODEL

SWEETSPOT is the program, FOLDER an empty folder, MODEL a GGUF file. A small hub on this machine serves MODEL as an LFS
file behind a redirect, cuts the connection twice, and counts what it is asked for. Prints one line for each check, and
exits with 1 if one fails.
"""

import hashlib
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SWEETSPOT, FOLDER, MODEL = sys.argv[1], Path(sys.argv[2]).absolute(), Path(sys.argv[3]).read_bytes()
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONFIG = b'{"model_type": "gemma3_text"}\n'
GGUF = "tiny-Q8_0.gguf"
FAILED = []
GETS = []
CUTS = [len(MODEL) // 3, len(MODEL) // 3]


def check(name, holds, detail=""):
    print(f"{'ok    ' if holds else 'FAILED'} pull: {name}" + (f": {detail}" if detail and not holds else ""))
    if not holds:
        FAILED.append(name)


def git_blob(data):
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


SHA256 = hashlib.sha256(MODEL).hexdigest()
SIBLINGS = [
    {"rfilename": "config.json", "size": len(CONFIG), "blobId": git_blob(CONFIG)},
    {
        "rfilename": GGUF,
        "size": len(MODEL),
        "blobId": "0" * 40,
        "lfs": {"sha256": SHA256, "size": len(MODEL), "pointerSize": 134},
    },
]
INFO = {"id": "tests/tiny", "modelId": "tests/tiny", "sha": COMMIT, "siblings": SIBLINGS, "private": False,
        "gated": False, "disabled": False, "downloads": 0, "likes": 0, "tags": [], "cardData": {"license": "mit"}}


class Hub(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def reply(self, status, fields, body=b"", cut=None):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **fields}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        if self.command != "HEAD":
            self.wfile.write(body[:cut] if cut is not None else body)

    def ranged(self, data, etag, cut=None):
        fields = {"ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
        asked = self.headers.get("Range")
        if not asked:
            return self.reply(200, fields, data, cut)
        start, _, last = asked.removeprefix("bytes=").partition("-")
        start, last = int(start), min(int(last or len(data)), len(data) - 1)
        fields["Content-Range"] = f"bytes {start}-{last}/{len(data)}"
        self.reply(206, fields, data[start : last + 1], cut)

    def do_GET(self):
        path = self.path.split("?")[0]
        if self.command == "GET":
            GETS.append(path)
        if path.startswith("/api/models/tests/tiny"):
            return self.reply(200, {"Content-Type": "application/json"}, json.dumps(INFO).encode())
        name = path.rsplit("/", 1)[-1]
        if path.startswith("/cdn/"):
            return self.ranged(MODEL, "cdn", CUTS.pop() if CUTS and self.command == "GET" else None)
        if path.startswith("/tests/tiny/resolve/") and name == GGUF:
            linked = {"X-Linked-Etag": f'"{SHA256}"', "X-Linked-Size": str(len(MODEL)), "Location": f"{CDN}/cdn/{SHA256}"}
            return self.reply(302, {"X-Repo-Commit": COMMIT, "ETag": '"pointer"', **linked})
        if path.startswith("/tests/tiny/resolve/") and name == "config.json":
            return self.reply(200, {"X-Repo-Commit": COMMIT, "ETag": f'"{git_blob(CONFIG)}"'}, CONFIG)
        self.reply(404, {"X-Error-Code": "EntryNotFound"})

    do_HEAD = do_GET


server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
threading.Thread(target=server.serve_forever, daemon=True).start()
# The bytes come from another host, as they do from the hub.
cdn = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
threading.Thread(target=cdn.serve_forever, daemon=True).start()
CDN = f"http://localhost:{cdn.server_address[1]}"
ENDPOINT = f"http://127.0.0.1:{server.server_address[1]}"
os.environ |= {"HF_ENDPOINT": ENDPOINT, "HF_HOME": str(FOLDER / "home"), "HF_HUB_DISABLE_TELEMETRY": "1",
               "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_XET": "1", "NO_PROXY": "127.0.0.1,localhost"}
for name in ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "HF_TOKEN_PATH"]:
    os.environ.pop(name, None)

import huggingface_hub  # noqa: E402: reads the variables when it is imported


def sweetspot(cache, *args):
    environment = {**os.environ, "HF_HUB_CACHE": str(cache)}
    return subprocess.run([SWEETSPOT, *args], env=environment, capture_output=True, text=True, cwd=FOLDER)


def files():
    return [path for path in GETS if not path.startswith("/api/")]


print(f"       pull: huggingface_hub {huggingface_hub.__version__}")
ours = FOLDER / "ours"
done = sweetspot(ours, "pull", "tests/tiny")
check("sweetspot pull, the connection cut twice", done.returncode == 0 and not CUTS, done.stderr)
path = done.stdout.strip()
check("the blob is the model", Path(path).read_bytes() == MODEL)
done = sweetspot(ours, "pull", "tests/tiny:config.json")
check("sweetspot pull of a small file", done.returncode == 0, done.stderr)

cached = huggingface_hub.scan_cache_dir(ours)
check("scan_cache_dir: no warnings", not cached.warnings, str(cached.warnings))
repo = next(iter(cached.repos), None)
revision = next(iter(repo.revisions), None) if repo else None
check("scan_cache_dir: the repository", len(cached.repos) == 1 and repo.repo_id == "tests/tiny")
check("scan_cache_dir: the commit and its name", revision.commit_hash == COMMIT and revision.refs == {"main"})
check("scan_cache_dir: the sizes", repo.size_on_disk == len(MODEL) + len(CONFIG), str(repo.size_on_disk))
found = huggingface_hub.try_to_load_from_cache("tests/tiny", GGUF, cache_dir=ours)
check("try_to_load_from_cache", found == path, str(found))
offline = huggingface_hub.hf_hub_download("tests/tiny", "config.json", cache_dir=ours, local_files_only=True)
check("hf_hub_download, offline", Path(offline).read_bytes() == CONFIG)
folder = huggingface_hub.snapshot_download("tests/tiny", cache_dir=ours, local_files_only=True)
check("snapshot_download, offline", {p.name for p in Path(folder).iterdir()} == {GGUF, "config.json"})
before = len(files())
online = huggingface_hub.hf_hub_download("tests/tiny", GGUF, cache_dir=ours)
check("hf_hub_download, online, fetches nothing again", online == path and len(files()) == before, str(files()))

theirs = FOLDER / "theirs"
huggingface_hub.hf_hub_download("tests/tiny", GGUF, cache_dir=theirs)
before = len(files())
done = sweetspot(theirs, "inspect", "tests/tiny", "--json")
check("sweetspot inspect, of the package's cache", done.returncode == 0 and "n_params" in done.stdout, done.stderr)
done = sweetspot(theirs, "pull", "tests/tiny")
check("sweetspot pull fetches nothing again", done.returncode == 0 and len(files()) == before, done.stderr)
check("and names the package's file", done.stdout.strip() == huggingface_hub.try_to_load_from_cache("tests/tiny", GGUF, cache_dir=theirs))

server.shutdown()
cdn.shutdown()
print("all checks hold" if not FAILED else f"{len(FAILED)} checks failed")
sys.exit(bool(FAILED))
