/**
 * NVIDIA's package repository of the container toolkit, a site of GitHub Pages (NVIDIA/libnvidia-container, branch gh-pages): its
 * key, and apt's two lists. A key is a line `fpr:FINGERPRINT`, and a signature is the same line, as the stand-ins of gpg and
 * apt-get on embedded hosts read them. Pure.
 */
import type { FaultName } from '../contract.ts'

/** Of the key that signs the repository, as several installers pin it (it is the key of nvidia.github.io's gpgkey). */
export const nvidiaKey = 'C95B321B61E88C1809C4F759DDCAE044F796ECB0'
/** Of the key of whoever answers in its place; nobody's. */
const strangersKey = '0123456789ABCDEF0123456789ABCDEF01234567'

/** Releases of the toolkit that it has, newest first. */
export const toolkitReleases = ['1.20.0', '1.19.1', '1.18.2', '1.17.8', '1.17.4'] as const
export const toolkitPackageNames = [
  'nvidia-container-toolkit',
  'nvidia-container-toolkit-base',
  'libnvidia-container-tools',
  'libnvidia-container1',
] as const

function packagesText(faults: ReadonlySet<FaultName>): string {
  return toolkitReleases
    .flatMap((version) => toolkitPackageNames.map((name) => ({ name, version })))
    .filter(({ name, version }) => {
      // In the middle of an upload: the newest release lacks one of its four.
      const isUploaded = version !== toolkitReleases[0] || name !== toolkitPackageNames[0]
      return isUploaded || !faults.has('gpu-version-missing')
    })
    .map(({ name, version }) => `Package: ${name}\nVersion: ${version}-1\nArchitecture: amd64\n`)
    .join('\n')
}

/** Text of a path of the site; undefined: there is none. */
export function toolkitRepository(path: string, faults: ReadonlySet<FaultName>): string | undefined {
  const key = `fpr:${faults.has('gpu-wrong-key') ? strangersKey : nvidiaKey}`
  switch (path) {
    case '/libnvidia-container/gpgkey':
      return `-----BEGIN PGP PUBLIC KEY BLOCK-----\n${key}\n-----END PGP PUBLIC KEY BLOCK-----\n`
    case '/libnvidia-container/stable/deb/amd64/InRelease':
      return `-----BEGIN PGP SIGNED MESSAGE-----\nOrigin: https://nvidia.github.io/libnvidia-container\n-----BEGIN PGP SIGNATURE-----\n${key}\n-----END PGP SIGNATURE-----\n`
    case '/libnvidia-container/stable/deb/amd64/Packages':
      return packagesText(faults)
    default:
      return undefined
  }
}
