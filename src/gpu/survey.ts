import { packageManagerScript } from '../host/index.ts'
import { scripts } from './scripts.generated.ts'

/** The GPU's part of the survey, appended behind the generic one and the distribution's; defines `survey_gpu_runtime`. */
export const surveyGpuScript: string = [
  scripts['survey-smi'],
  scripts['survey-driver'],
  packageManagerScript,
  scripts['survey-packages'],
  scripts['survey-runtime'],
  scripts['survey-containerd'],
  scripts.survey,
].join('\n')
