import { readFileSync, writeFileSync } from 'node:fs'
import { specification } from './specification.ts'

const q = (t: string) => (/[:#'"]|^[\s>|&*!%@`]/.test(t) ? JSON.stringify(t) : t)
let out = readFileSync('actions/deploy-stack/action.yml.head', 'utf8')
for (const [n, d] of Object.entries(specification) as any) {
  out += `  ${n}:\n    description: ${q(d.description + (d.twin ? ` Cluster file: ${d.twin}.` : ''))}\n`
  if (d.required) out += '    required: true\n'
  if (d.default !== undefined)
    out += `    default: ${/^(true|false)$/.test(d.default) ? JSON.stringify(d.default) : d.default}\n`
}
out += `
outputs:
  result:
    description: installed, allowed (by the guard), previewed, deployed, unchanged, drifted, commented or failed.
  changed:
    description: true when the update changed something, also when it failed afterwards; else false.
  changes:
    description: How many resources are touched, as a JSON object from operation to number, e.g. {"create":1,"same":41}; set also when the update fails.
  url:
    description: Page of the update at Pulumi; empty when there is none.
  outputs:
    description: Outputs of the stack as a JSON object from name to text, without the secret ones; set also when the update fails.
  comment-url:
    description: Address of the comment on the pull request; empty when none was written.
  failure-code:
    description: Stable code of the failure, e.g. deploy-refused, pulumi-locked or pulumi-drift; empty when there is none.
  report:
    description: Path of the JSON report on the runner; the summary is in the same folder.

runs:
  using: node24
  main: ../../dist/deploy-stack/index.js
  post: ../../dist/deploy-stack/post.js
  post-if: always()
`
writeFileSync('actions/deploy-stack/action.yml', out)
