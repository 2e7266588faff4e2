/** What an image can prove: that the device is there, and that it computes. */
export type ImageGrade = 'computes' | 'lists'

export interface ProofImage {
  readonly image: string
  readonly grade: ImageGrade
}

/**
 * For a node that has no fitting image yet: NVIDIA's vectorAdd, which the device plugin's own documentation runs
 * (NVIDIA/k8s-device-plugin:README.md). Only here something is downloaded, once a node.
 */
export const defaultProofImage: ProofImage = {
  image: 'nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0',
  grade: 'computes',
}

/** Images with Python and glibc, most likely ones first; `repository` without registry and tag is matched. */
const withPython: readonly RegExp[] = [
  /(^|\/)tritonserver$/,
  /(^|\/)python$/,
  /(^|\/)(pytorch|tensorflow|tensorrt|rapids|nemo|jax|cuda-python|vllm-openai|vllm|text-generation-inference|sglang)$/,
  /(^|\/)[a-z0-9._-]*(notebook|jupyter)[a-z0-9._-]*$/,
]
const withSample = /(^|\/)cuda-sample$/
/** A shell and glibc, no Python: nvidia-smi runs there. */
const withShell = /(^|\/)(cuda|debian|ubuntu|ubi[89][a-z-]*|rockylinux|almalinux|fedora)$/
/** musl cannot load the driver's libraries; the others have no shell, or not what their name promises. */
const unfit = /alpine|musl|distroless|busybox|windows|-min(-|$)/

/** `registry/path` and tag of an image's name; a digest is no tag. */
function partsOf(name: string): { readonly path: string; readonly tag: string } {
  const [untilDigest = ''] = name.split('@')
  const colon = untilDigest.lastIndexOf(':')
  return colon > untilDigest.lastIndexOf('/')
    ? { path: untilDigest.slice(0, colon), tag: untilDigest.slice(colon + 1) }
    : { path: untilDigest, tag: '' }
}

const isPlain = (name: string): boolean => /^[a-z0-9][a-z0-9._/:@-]{0,254}$/i.test(name)

function rankOf(name: string): { readonly rank: number; readonly grade: ImageGrade } | undefined {
  const { path, tag } = partsOf(name)
  if (!isPlain(name) || unfit.test(tag) || unfit.test(path)) return undefined
  const python = withPython.findIndex((pattern) => pattern.test(path))
  if (python >= 0) return { rank: python, grade: 'computes' }
  if (withSample.test(path) && /^vectoradd/.test(tag)) return { rank: 10, grade: 'computes' }
  return withShell.test(path) ? { rank: 20, grade: 'lists' } : undefined
}

/**
 * The best image for a proof that a node has already, so that nothing is downloaded; undefined: none is known to be fit. Tags before
 * digests, for whoever reads it; among equals the same one every night. Pure.
 */
export function imageOnNode(images: readonly string[]): ProofImage | undefined {
  const ranked = images
    .flatMap((image) => {
      const found = rankOf(image)
      return found === undefined ? [] : [{ image, ...found, isDigest: image.includes('@') }]
    })
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        Number(a.isDigest) - Number(b.isDigest) ||
        (a.image < b.image ? -1 : a.image > b.image ? 1 : 0),
    )
  const [best] = ranked
  return best && { image: best.image, grade: best.grade }
}
