/** Small images with busybox or Python, as k3s and its users have them on their nodes; smallest first. Without registry and tag. */
const fit: readonly RegExp[] = [
  /(^|[/-])busybox$/,
  /(^|\/)alpine$/,
  // k3s' own, on nearly every node (k3s-io/klipper-lb:Dockerfile, k3s-io/klipper-helm: both begin with Alpine).
  /(^|\/)klipper-(lb|helm)$/,
  /(^|\/)python$/,
  /(^|\/)(debian|ubuntu)$/,
  // On every node of Longhorn, with bash and getent (longhorn/longhorn-manager:package/Dockerfile begins with registry.suse.com/bci/bci-base).
  /(^|\/)longhorn-manager$/,
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

/** What a pod of a question runs, and whether that may be fetched. */
export interface ProbeImage {
  readonly image: string
  readonly pull: 'if-missing' | 'never'
}

/**
 * The image that somebody named, which is fetched where it is missing; else one that is on all of these nodes. Undefined: there is none.
 */
export function probeImage(
  nodes: readonly { readonly images: readonly string[] }[],
  wish: { readonly probeImage: string },
): ProbeImage | undefined {
  if (wish.probeImage !== '') return { image: wish.probeImage, pull: 'if-missing' }
  const [first, ...others] = nodes
  const shared = (first?.images ?? []).filter((image) => others.every(({ images }) => images.includes(image)))
  const image = networkImage(shared)
  return image === undefined ? undefined : { image, pull: 'never' }
}
