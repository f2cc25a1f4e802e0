#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts files into the program: writes an assembler file with one .incbin a file and a sorted table of names, which
src/base/asset.c searches. Usage: embed.py OUT.S DEPFILE ROOT [NAME=PATH ...] -- DIR_OR_FILE ... (relative to ROOT)."""
import os
import sys


def files_under(root, rel):
    """The files, and the folders that they lie in: a folder's time tells that a file came or went."""
    path = os.path.join(root, rel)
    if os.path.isfile(path):
        return [rel], []
    found, folders = [], []
    for base, dirs, names in os.walk(path):
        dirs.sort()
        folders.append(base)
        found += [os.path.relpath(os.path.join(base, n), root) for n in names if not n.endswith(".map")]
    return found, folders


def main():
    out, depfile, root = sys.argv[1:4]
    split = sys.argv.index("--")
    table = dict(pair.split("=", 1) for pair in sys.argv[4:split])
    folders = []
    for rel in sys.argv[split + 1:]:
        found, within = files_under(root, rel)
        folders += within
        for name in found:
            table[name] = os.path.join(root, name)

    lines = ['.section .rodata', '.global asset_table', '.global asset_table_end', '.balign 16']
    names = sorted(table, key=lambda n: n.encode())
    for i, name in enumerate(names):
        path = os.path.abspath(table[name])
        lines += [f'name{i}: .ascii "{name}"', f'name{i}_end:', '.balign 16',
                  f'data{i}: .incbin "{path}"', f'data{i}_end: .byte 0', '.balign 16']
    lines += ['.section .data.rel.ro, "aw"', '.balign 8', 'asset_table:']
    for i in range(len(names)):
        lines.append(f'.quad name{i}, name{i}_end - name{i}, data{i}, data{i}_end - data{i}')
    lines += ['asset_table_end:', '.section .note.GNU-stack,"",@progbits', '']
    with open(out, 'w') as f:
        f.write('\n'.join(lines))
    with open(depfile, 'w') as f:
        made_of = [table[n] for n in names] + folders
        f.write(f'{out}: ' + ' '.join(os.path.abspath(path).replace(' ', '\\ ') for path in made_of) + '\n')


main()
