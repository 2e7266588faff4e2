import type { ApiObject, KindReference } from '../kubernetes/index.ts'
import type { ClusterLists } from './model.ts'

const kind: KindReference = { group: 'apps', version: 'v1', resource: 'daemonsets' }

/** Two suites look at different sides of a DaemonSet, and there are few of them: they are kept whole, so that one list is enough. */
const whole = (object: ApiObject): ApiObject => object

/** Every DaemonSet as the server sent it, listed once a run. */
export async function daemonSetObjects(lists: ClusterLists): Promise<readonly ApiObject[]> {
  return (await lists.of(kind, whole)) ?? []
}
