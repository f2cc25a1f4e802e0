// SPDX-License-Identifier: Apache-2.0
//
// A phone's photo has more points than any screen and many bytes: it is drawn smaller before it is sent, upright. What is small
// enough already, or moves, goes as it is.
const SIDE = 2048;
const ENOUGH = 900 * 1024; // bytes
const QUALITY = 0.86;

export async function shrink(file: Blob): Promise<Blob> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  try {
    if (scale === 1 && file.size <= ENOUGH) return file;
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const pen = canvas.getContext('2d');
    if (!pen) return file;
    pen.fillStyle = '#fff'; // under what a PNG leaves transparent
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const small = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
    return small && small.size < file.size ? small : file;
  } finally {
    bitmap.close();
  }
}
