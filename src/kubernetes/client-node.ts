// The one door to the package, lazily imported. A module of its own, so that the build can leave out the generated APIs
// that nothing here uses: the package declares no sideEffects, and ncc would keep all 20 MB of them.
export { KubeConfig } from '@kubernetes/client-node'
