import { cacheRestore, cacheSave } from './cache.ts'
import { checkout } from './checkout.ts'
import { downloadArtifact } from './download-artifact.ts'
import type { StandIn } from './model.ts'
import { pulumiActions } from './pulumi.ts'
import { setupNode } from './setup-node.ts'
import { uploadArtifact } from './upload-artifact.ts'

/** `owner/name[/path]` → stand-in. A third-party action that is not here is an error. */
export const standIns: Readonly<Record<string, StandIn>> = {
  'actions/cache/restore': cacheRestore,
  'actions/cache/save': cacheSave,
  'actions/checkout': checkout,
  'actions/download-artifact': downloadArtifact,
  'actions/setup-node': setupNode,
  'actions/upload-artifact': uploadArtifact,
  'pulumi/actions': pulumiActions,
}

export type { StandIn, StandInRun } from './model.ts'
