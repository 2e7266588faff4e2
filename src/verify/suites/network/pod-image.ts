/** Small images with busybox or Python, as k3s and its users have them on their nodes; smallest first. Without registry and tag. */
const fit: readonly RegExp[] = [
  /(^|[/-])busybox$/,
  /(^|\/)alpine$/,
  // k3s' own, on nearly every node (k3s-io/klipper-lb:Dockerfile, k3s-io/klipper-helm: both begin with Alpine).
  /(^|\/)klipper-(lb|helm)$/,
  /(^|\/)python$/,
  /(^|\/)(debian|ubuntu)$/,
  /(^|\/)(tritonserver|pytorch|tensorflow|tensorrt|vllm-openai)$/,
]
const unfit = /distroless|windows|nanoserver|-min(-|$)/

/**
 * An image that is on the node already and has what a question about the network needs; undefined: none is known to. The same one every
 * night. Nothing is downloaded for such a question.
 */
export function networkImage(images: readonly string[]): string | undefined {
  const ranked = images.flatMap((image) => {
    const [untilDigest = ''] = image.split('@')
    const colon = untilDigest.lastIndexOf(':')
    const path = colon > untilDigest.lastIndexOf('/') ? untilDigest.slice(0, colon) : untilDigest
    const rank = fit.findIndex((pattern) => pattern.test(path))
    const isPlain = /^[a-z0-9][a-z0-9._/:@-]{0,254}$/i.test(image)
    return rank < 0 || !isPlain || unfit.test(image) ? [] : [{ image, rank, isDigest: image.includes('@') }]
  })
  ranked.sort((a, b) => a.rank - b.rank || Number(a.isDigest) - Number(b.isDigest) || (a.image < b.image ? -1 : 1))
  return ranked[0]?.image
}
