/* Darkroom: shrinks, joins and compares pictures. Pictures come and go as base64. */

const open = async (text, type) => createImageBitmap(await (await fetch(`data:image/${type};base64,${text}`)).blob());

async function encoded(sheet) {
  const blob = await sheet.convertToBlob({ type: "image/webp", quality: 0.88 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function pixels(bitmap) {
  const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
  pen.drawImage(bitmap, 0, 0);
  return pen.getImageData(0, 0, bitmap.width, bitmap.height);
}

window.darkroom = {
  /* Screenshots side by side on a plain ground, a quarter as large, or half where they are small. */
  async sheet([pictures, ground]) {
    const bitmaps = await Promise.all(pictures.map((text) => open(text, "png")));
    const sizes = bitmaps.map(({ width, height }) => [width, height].map((side) => side / (width * height > 500_000 ? 4 : 2)));
    const sheet = new OffscreenCanvas(
      sizes.reduce((sum, [width]) => sum + width, 0),
      Math.max(...sizes.map(([, height]) => height)),
    );
    const pen = sheet.getContext("2d");
    pen.fillStyle = ground;
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.imageSmoothingQuality = "high";
    let x = 0;
    bitmaps.forEach((bitmap, at) => {
      pen.drawImage(bitmap, x, 0, ...sizes[at]);
      x += sizes[at][0];
    });
    return encoded(sheet);
  },

  /* The mean difference of each block of `side` pixels in the colour that differs most, and a picture: what differs is red. */
  async hold([before, after, side]) {
    const [one, other] = await Promise.all([before, after].map((text) => open(text, "webp")));
    const { width, height } = one;
    if (width !== other.width || height !== other.height) return { blocks: null, picture: after };
    const [a, b] = [one, other].map(pixels);
    const columns = Math.ceil(width / side);
    const counts = new Float64Array(columns * Math.ceil(height / side));
    const sums = [0, 1, 2].map(() => new Float64Array(counts.length));
    const [now, then] = [a.data, b.data];
    for (let i = 0; i < now.length; i += 4) {
      const at = i / 4; // no lists here: there are half a million of these
      const block = Math.floor(Math.floor(at / width) / side) * columns + Math.floor((at % width) / side);
      counts[block] += 1;
      let most = 0;
      for (let colour = 0; colour < 3; colour += 1) {
        const gap = Math.abs(now[i + colour] - then[i + colour]);
        sums[colour][block] += gap;
        if (gap > most) most = gap;
        now[i + colour] /= 4;
      }
      now[i] = Math.max(Math.min(255, 4 * most), now[i]);
    }
    const sheet = new OffscreenCanvas(width, height);
    sheet.getContext("2d").putImageData(a, 0, 0);
    return { blocks: Array.from(counts, (count, block) => Math.max(...sums.map((sum) => sum[block])) / count), picture: await encoded(sheet) };
  },
};
