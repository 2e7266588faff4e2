/** What leaves a resource as it is: the rule behind --expect-no-changes (HasChanges in pulumi/pulumi: pkg/engine/update.go). */
const harmless = new Set(['same', 'read', 'discard', 'read-replacement'])

/** A replacement is several steps of one resource (pulumi/pulumi: sdk/go/common/apitype/history.go). */
const parts: Readonly<Record<string, string>> = {
  'create-replacement': 'replace',
  'delete-replaced': 'replace',
  'discard-replaced': 'replace',
  'remove-pending-replace': 'replace',
  'import-replacement': 'import',
}

/** Whether such a step changes a resource. A refresh reads; what it found is changed by the step that follows from it. */
export function isChange(operation: string): boolean {
  return operation !== 'refresh' && !harmless.has(operation)
}

/** Pulumi's word for what becomes of the resource as a whole. */
export function wholeOperation(operation: string): string {
  return Object.hasOwn(parts, operation) ? (parts[operation] ?? operation) : operation
}

/** Whether anything was, or would be, changed: Pulumi's own rule over its own counts. */
export function hasChanges(deployment: { readonly counts: Readonly<Record<string, number>> }): boolean {
  return Object.entries(deployment.counts).some(([operation, number]) => !harmless.has(operation) && number > 0)
}
