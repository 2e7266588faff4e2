/** A workflow, action or reference that cannot be run: says where it is written. Nothing of the run has started. */
export class WorkflowError extends Error {
  override readonly name = 'WorkflowError'
}
