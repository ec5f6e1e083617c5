"""Portals on loopback: each keeps its state in memory and answers as its published contract says, or fails as told."""

import contextlib
import hashlib
import json
import socket
import threading
import time
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "s3cret-TOKEN+with/odd=characters"


class Portal(ThreadingHTTPServer):
    """Base of the portals.

    Attributes:
        log: (method, path with query, header, body) of each request.
        faults: what to do instead of answering, by method and a part of the path; a list is used up in turn.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.log, self.faults = [], {}
        self.token = TOKEN
        self.heard_out = False  # whether a client waited for the end of an answer that comes in drops
        threading.Thread(target=partial(self.serve_forever, poll_interval=0.01), daemon=True).start()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server_port}"

    def asked(self, *methods):
        """Return 'METHOD path' of each request, those of some methods only."""
        return [f"{method} {path}" for method, path, _, _ in self.log if not methods or method in methods]

    def fault(self, method, path):
        for (wanted, piece), planned in self.faults.items():
            if wanted == method and piece in path and planned:
                return planned.pop(0)
        return None

    def allowed(self, header):
        return header == f"Bearer {self.token}"

    def denied(self):
        return 401, {"status": 401, "message": "Unauthorized"}

    def handle_error(self, *_):
        """Say nothing of clients that went away."""


class Handler(BaseHTTPRequestHandler):
    def handle_any(self):
        fault = self.server.fault(self.command, self.path)
        size = int(self.headers.get("Content-Length") or 0)
        if fault == "cut early":
            self.server.log.append((self.command, self.path, dict(self.headers), self.rfile.read(size // 2)))
            return self.reset()
        body = self.rfile.read(size)
        self.server.log.append((self.command, self.path, dict(self.headers), body))
        if fault is None or fault == "cut late":
            if not self.server.allowed(self.headers.get("Authorization")):
                status, content = self.server.denied()
            else:
                status, content = self.server.answer(self.command, self.path, self.headers, body)
            if fault == "cut late":  # done, but nobody hears of it
                return self.reset()
            return self.reply(status, b"" if content is None else json.dumps(content).encode(), {})
        if fault == "slow":
            time.sleep(3)
            return self.reset()
        if fault == "drip":
            with contextlib.suppress(OSError):
                for char in "HTTP/1.1 200 OK\r\nX-Slow: " + "x" * 60:
                    self.wfile.write(char.encode())
                    time.sleep(0.05)
                self.server.heard_out = True
            return None
        status, content, headers = fault
        return self.reply(status, content if isinstance(content, bytes) else json.dumps(content).encode(), headers)

    def reply(self, status, content, headers):
        self.send_response(status)
        for key, value in {"Content-Type": "application/json", "Content-Length": len(content), **headers}.items():
            self.send_header(key, str(value))
        self.end_headers()
        self.wfile.write(content)

    def reset(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_):
        """Say nothing."""


def parts_of(path):
    """Return the steps of a path, decoded, and the query."""
    split = urlsplit(path)
    return [unquote(step) for step in split.path.split("/")[1:]], {k: v[0] for k, v in parse_qs(split.query).items()}


for _method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    setattr(Handler, f"do_{_method}", Handler.handle_any)


class ZenodoServer(Portal):
    """Depositions, their files in buckets, their versions; a list leaves out the links that the index does not hold."""

    def __init__(self):
        super().__init__()
        self.items, self.next = {}, 100
        self.bucket_origin = None

    @property
    def base(self):
        return f"{self.origin}/api"

    def add(self, metadata, *, submitted=False, concept=None, files=None):
        number = self.next
        self.next += 2
        self.items[number] = {
            "concept": concept or str(number - 1),
            "metadata": metadata,
            "submitted": submitted,
            "files": dict(files or {}),
        }
        return number

    def shown(self, number, *, whole=True):
        item = self.items[number]
        own = f"{self.base}/deposit/depositions/{number}"
        links = {"self": own, "html": f"{self.origin}/deposit/{number}", "latest_draft": own, "publish": f"{own}/x"}
        if whole:
            links["bucket"] = f"{self.bucket_origin or self.base}/files/bucket-{number}"
        if item["submitted"]:
            links["record_html"] = f"{self.origin}/records/{number}"
        return {
            "id": number,
            "conceptrecid": item["concept"],
            "metadata": item["metadata"],
            "submitted": item["submitted"],
            "state": "done" if item["submitted"] else "unsubmitted",
            "links": links,
            "files": self.listed(number),
        }

    def listed(self, number):
        return [
            {
                "id": f"f-{name}",
                "filename": name,
                "filesize": len(content),
                "checksum": hashlib.md5(content).hexdigest(),
            }
            for name, content in self.items[number]["files"].items()
        ]

    def answer(self, method, path, headers, body):
        steps, query = parts_of(path)
        match method, steps[1:]:
            case "GET", ["deposit", "depositions"]:
                size, page = int(query["size"]), int(query["page"])
                assert size <= 100
                numbers = list(self.items)[(page - 1) * size : page * size]
                return 200, [self.shown(number, whole=False) for number in numbers]
            case "POST", ["deposit", "depositions"]:
                return 201, self.shown(self.add(self.metadata_in(headers, body)))
            case "PUT", ["files", bucket, name]:
                assert headers["Content-Type"] == "application/octet-stream"
                self.items[int(bucket.removeprefix("bucket-"))]["files"][name] = body
                return 201, {"key": name, "size": len(body), "checksum": f"md5:{hashlib.md5(body).hexdigest()}"}
            case _, ["deposit", "depositions", number, *rest] if int(number) in self.items:
                return self.of_item(method, int(number), rest, headers, body)
        return 404, {"status": 404, "message": "PID does not exist."}

    def metadata_in(self, headers, body):
        assert headers["Content-Type"] == "application/json"
        return json.loads(body)["metadata"]

    def of_item(self, method, number, rest, headers, body):
        item = self.items[number]
        match method, rest:
            case "GET", []:
                return 200, self.shown(number)
            case "PUT", [] if not item["submitted"]:
                item["metadata"] = self.metadata_in(headers, body)
                return 200, self.shown(number)
            case "GET", ["files"]:
                return 200, self.listed(number)
            case "DELETE", ["files", file] if not item["submitted"] and file.removeprefix("f-") in item["files"]:
                del item["files"][file.removeprefix("f-")]
                return 204, None
            case "POST", ["actions", "publish"] if not item["submitted"]:
                item["submitted"] = True
                return 202, self.shown(number)
            case "POST", ["actions", "newversion"] if item["submitted"]:
                return self.new_version(number)
        return 404, {"status": 404, "message": "Not found."}

    def new_version(self, number):
        old = self.items[number]
        if any(i["concept"] == old["concept"] and not i["submitted"] for i in self.items.values()):
            errors = [{"field": "files.enabled", "messages": ["Please remove all files first."]}]
            return 400, {"status": 400, "message": "A validation error occurred.", "errors": errors}
        made = self.add(dict(old["metadata"]), concept=old["concept"], files=old["files"])
        answer = self.shown(number)
        answer["links"]["latest_draft"] = f"{self.base}/deposit/depositions/{made}"
        return 201, answer


class CkanServer(Portal):
    """Datasets and resources through the Action API."""

    def __init__(self):
        super().__init__()
        self.datasets, self.next = {}, 1
        self.organizations = {"zoos": "org-1"}

    base = Portal.origin

    def allowed(self, header):
        return header == self.token

    def denied(self):
        return 403, {"success": False, "error": {"__type": "Authorization Error", "message": "Access denied"}}

    def answer(self, method, path, headers, body):
        steps, query = parts_of(path)
        assert steps[:3] == ["api", "3", "action"]
        action = steps[3]
        assert method == ("GET" if action.endswith("_show") else "POST")
        data = query if method == "GET" else self.data(headers, body)
        status, result = getattr(self, action)(data)
        return status, {"success": status == 200, "result" if status == 200 else "error": result}

    def data(self, headers, body):
        if headers.get_content_type() == "application/json":
            return json.loads(body)
        head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
        message: Message = BytesParser(policy=HTTP).parsebytes(head + body)
        found = {}
        for item in message.iter_parts():
            name = item.get_param("name", header="content-disposition")
            content = item.get_payload(decode=True)
            found[name] = content if item.get_filename() else content.decode()
        return found

    def found(self, key):
        return next((d for d in self.datasets.values() if key in {d["id"], d["name"]}), None)

    def package_show(self, data):
        found = self.found(data["id"])
        return (200, found) if found else (404, {"__type": "Not Found Error", "message": "Not found"})

    def package_create(self, data):
        if self.found(data["name"]):
            return 409, {"__type": "Validation Error", "name": ["That URL is already in use."]}
        if data.get("owner_org") not in {None, *self.organizations}:
            return 409, {"__type": "Validation Error", "owner_org": ["Organization does not exist"]}
        if "owner_org" not in data and data.get("private"):
            return 409, {"__type": "Validation Error", "private": ["Datasets with no organization can't be private."]}
        made = {"id": f"d-{self.next}", "resources": [], "extras": [], "state": "active", "private": False} | data
        if "owner_org" in data:
            made["organization"] = {"name": data["owner_org"], "id": self.organizations[data["owner_org"]]}
        self.next += 1
        self.datasets[made["id"]] = made
        return 200, made

    def package_patch(self, data):
        found = self.found(data["id"])
        found |= {key: value for key, value in data.items() if key != "id"}
        return 200, found

    def resource_create(self, data):
        found = self.found(data["package_id"])
        made = {"id": f"r-{self.next}", **data}
        self.next += 1
        content = made.pop("upload")
        found["resources"].append(
            made | {"size": len(content), "url_type": "upload", "content": content.decode("latin-1")}
        )
        return 200, found["resources"][-1]

    def resource_patch(self, data):
        item = next(r for d in self.datasets.values() for r in d["resources"] if r["id"] == data["id"])
        content = data.pop("upload")
        item |= data | {"size": len(content), "content": content.decode("latin-1")}
        return 200, item


class GitHubServer(Portal):
    """Releases and assets of one repository, a/zoo."""

    def __init__(self):
        super().__init__()
        self.releases, self.assets, self.next = {}, {}, 1
        self.tags, self.tag_objects = {}, {}
        self.upload_origin = None

    base = Portal.origin

    def denied(self):
        return 401, {"message": "Bad credentials", "documentation_url": "https://docs.example"}

    def shown(self, number):
        uploads = f"{self.upload_origin or self.origin}/repos/a/zoo/releases/{number}/assets"
        found = self.releases[number]
        page = f"{self.origin}/a/zoo/releases/tag/{'untagged-1' if found['draft'] else found['tag_name']}"
        return {"id": number, **found, "upload_url": uploads + "{?name,label}", "html_url": page}

    def asset(self, number):
        found = self.assets[number]
        digest = f"sha256:{hashlib.sha256(found['content']).hexdigest()}"
        kept = {key: found[key] for key in ("name", "state")}
        return {"id": number, **kept, "size": len(found["content"]), "digest": digest}

    def answer(self, method, path, headers, body):
        steps, query = parts_of(path)
        assert headers["X-GitHub-Api-Version"] == "2022-11-28"
        if steps[:3] != ["repos", "a", "zoo"]:
            return 404, {"message": "Not Found"}
        match method, steps[3:]:
            case "GET", ["git", "ref", "tags", *tag] if "/".join(tag) in self.tags:
                return 200, {"object": self.tags["/".join(tag)]}
            case "GET", ["git", "tags", sha]:
                return 200, {"object": {"type": "commit", "sha": self.tag_objects[sha]}}
            case "GET", ["releases"]:
                return 200, self.page([self.shown(number) for number in self.releases], query)
            case "POST", ["releases"]:
                self.releases[self.next] = json.loads(body)
                self.next += 1
                return 201, self.shown(self.next - 1)
            case "PATCH", ["releases", number]:
                self.releases[int(number)] |= json.loads(body)
                return 200, self.shown(int(number))
            case "GET", ["releases", number, "assets"]:
                own = [self.asset(i) for i, found in self.assets.items() if found["release"] == int(number)]
                return 200, self.page(own, query)
            case "POST", ["releases", number, "assets"]:
                return self.upload(int(number), query["name"], body)
            case "DELETE", ["releases", "assets", number]:
                del self.assets[int(number)]
                return 204, None
        return 404, {"message": "Not Found"}

    def page(self, items, query):
        size, page = int(query["per_page"]), int(query["page"])
        assert size <= 100
        return items[(page - 1) * size : page * size]

    def upload(self, release, name, body):
        if any(found["release"] == release and found["name"] == name for found in self.assets.values()):
            errors = [{"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}]
            return 422, {"message": "Validation Failed", "errors": errors}
        number, self.next = self.next, self.next + 1
        self.assets[number] = {"release": release, "name": name, "state": "uploaded", "content": body}
        return 201, self.asset(number)
