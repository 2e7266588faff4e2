export { kubeadmCheckRegistry, kubeadmChecks } from './checks/index.ts'
export { renderJoinConfig } from './config.ts'
export { createKubeadm, type Kubeadm, type KubeadmPorts } from './distribution.ts'
export { leavingKubeadm } from './leave.ts'
export type * from './model.ts'
export { paths } from './model.ts'
export { planHost } from './plan.ts'
/** Appended to the generic survey: what kubeadm's packages and an earlier join left. */
export { surveyFragment as kubeadmSurveyScript } from './survey.ts'
