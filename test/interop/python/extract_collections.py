"""Takes the collections that are named out of the wheel that bundles all: `extract_collections.py FOLDER NAMESPACE.NAME...`.

The wheel lies in FOLDER and is removed; the collections end up in `FOLDER/ansible_collections`, where Ansible looks for them.
Prints the version of each."""

import json
import pathlib
import sys
import zipfile


def main():
    folder = pathlib.Path(sys.argv[1])
    names = [name.replace(".", "/") for name in sys.argv[2:]]
    roots = tuple(f"ansible_collections/{name}/" for name in names)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as bundle:
        for entry in bundle.namelist():
            if entry.startswith(roots):
                bundle.extract(entry, folder)
    for root in roots:
        manifest = json.loads((folder / root / "MANIFEST.json").read_text())
        info = manifest["collection_info"]
        print(f"{info['namespace']}.{info['name']} {info['version']}")
    wheel.unlink()


if __name__ == "__main__":
    main()
