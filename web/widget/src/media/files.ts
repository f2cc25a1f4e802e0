// SPDX-License-Identifier: Apache-2.0
//
// Which files may be sent, before anything is uploaded: the server looks at the bytes and has the last word.
import type { Key } from '../i18n/index.ts';

export const PDF = 'application/pdf';
export const ACCEPT = `image/jpeg,image/png,image/webp,image/gif,${PDF}`;
const LARGEST = 10 * 1024 * 1024;
const SHRINKABLE = /^image\/(jpeg|png|webp)$/;
const MOST = 9;

/** Words for what the server, or the way to it, made of a file. */
export const FILE_FAULTS: Record<string, Key> = {
  too_large: 'file.large',
  bad_type: 'file.type',
  broken_file: 'file.broken',
  rate_limited: 'file.many',
};

/** Those that can be sent, at most nine at a time, and why some cannot. Large photos are made smaller on the way. */
export function sortFiles(files: File[]): [File[], Key | null] {
  const known = files.filter((f) => ACCEPT.includes(f.type) && f.type);
  const fit = known.filter((f) => f.size <= LARGEST || SHRINKABLE.test(f.type));
  const why = known.length < files.length ? 'file.type' : fit.length < known.length ? 'file.large' : null;
  return [fit.slice(0, MOST), why ?? (fit.length > MOST ? 'file.nine' : null)];
}
