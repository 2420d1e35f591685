"""Checks evidence as it was handed over:  python3 FOLDER/verify.py FOLDER --key KEY

KEY is what the archive gave you by another way than this folder. All is held against the root of
the archive's log that the key signed (RFC 9162). Nothing is written. 0: it holds; 1: it does not.
"""
import argparse, base64, hashlib, json, os, runpy, sys
parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--key", required=True, help="NAME+ID+KEY, as the archive gave it to you")
given, problems, held = parser.parse_args(), [], {"tagmanifest-sha512.txt"}
signatures = runpy.run_path(os.path.join(os.path.dirname(__file__), "ed25519.py"))
def read(name):
    with open(os.path.join(given.folder, name), "rb") as file: return file.read()
def expect(name, wanted, algorithm="sha512"):  # the file must be there and have this digest
    hashed, path = hashlib.new(algorithm), os.path.join(given.folder, name)
    held.add(name)
    if os.path.isfile(path) and not os.path.islink(path):
        with open(path, "rb") as file:
            for part in iter(lambda: file.read(1 << 20), b""):
                hashed.update(part)
    if hashed.hexdigest() != wanted:
        problems.append(name + (": changed" if os.path.isfile(path) else ": missing"))
def look_for_others(below):  # files that nothing named so far
    for folder, _, names in os.walk(os.path.join(given.folder, below)):
        paths = [os.path.relpath(os.path.join(folder, name), given.folder) for name in names]
        problems.extend(path + ": extra" for path in paths if path.replace(os.sep, "/") not in held)
def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()
def climb(number, size, leaf, path):  # from a leaf to the root, by its proof (RFC 9162, 2.1.3)
    if size == 1: return leaf
    half, step = 1 << (size - 1).bit_length() - 1, base64.b64decode(path.pop() if path else "")
    if number < half:
        return node(climb(number, half, leaf, path), step)
    return node(step, climb(number - half, size - half, leaf, path))
def shown_entries():  # all entries, shown or withheld, are the leaves of the tree that was signed
    size, top = read("checkpoint").decode().split("\n")[1:3]
    size, top, row, shown = int(size), base64.b64decode(top), [], []
    for number, entry in enumerate(map(json.loads, read("log.jsonl").splitlines())):
        if "body" in entry:
            text = json.dumps(entry["body"], sort_keys=True, separators=(",", ":")).encode()
            entry["commitment"] = hashlib.sha256(bytes.fromhex(entry["salt"]) + text).hexdigest()
            shown.append(entry["body"])
        row.append(hashlib.sha256(b"\0" + bytes.fromhex(entry["commitment"])).digest())
        path = json.loads(read("proofs/%d.json" % number))["proof"] if "body" in entry else None
        proved = path is None or climb(number, size, row[-1], path) == top
        if not proved or entry.get("body", entry)["entry"] != number:
            problems.append("entry %d: changed, missing or out of order" % number)
    while len(row) > 1:
        row = [node(a, b) for a, b in zip(row[::2], row[1::2])] + row[len(row) & ~1:]
    if row != [top] and not any(each.startswith("entry ") for each in problems):
        problems.append("log.jsonl: an entry that is withheld was changed, or the end is missing")
    return shown
try:
    if not signatures["is_signed_note"](read("checkpoint"), given.key):
        problems.append("checkpoint: not signed with this key")
    for line in (read("tagmanifest-sha512.txt") + read("manifest-sha512.txt")).decode().splitlines():
        expect(line[130:], line[:128])  # the manifests of the bag, RFC 8493
    look_for_others("")
    held.clear()
    files, items, entries = {}, {}, shown_entries()
    for body in entries:  # the last word on each file and item counts
        files.update(body.get("files", {}))
        items.update({body["item"]: body} if "inventory" in body else {})
    for base, body in (("data/%s/" % item, body) for item, body in items.items()):
        if os.path.isfile(os.path.join(given.folder, base, "item.json")):  # was sealed, and opened
            expect(base + "item.json", body["description"], "sha256")
            for file in json.loads(read(base + "item.json"))["files"]:
                expect(base + file["stored"].replace(".age", ""), file["sha256"], "sha256")
        else:
            expect(base + "inventory.json", body["inventory"])
            held.update((base + "0=ocfl_object_1.1", base + "inventory.json.sha512"))
            for digest, paths in json.loads(read(base + "inventory.json"))["manifest"].items():
                files.update((base + path, digest) for path in paths)
    for name, wanted in files.items():
        expect(name, wanted)
    look_for_others("data")
except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
    problems.append("cannot be read: %s" % error)
print("\n".join(dict.fromkeys(problems)) or "It holds.")
sys.exit(bool(problems))
