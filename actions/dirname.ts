// ssh2's wasm loader reads __dirname, which an ES module bundle does not have; ncc adds no shim (vercel/ncc#749, #895).
// Must be the first import of the bundle's entry.
const globals = globalThis as { __dirname?: string }
globals.__dirname ??= import.meta.dirname
