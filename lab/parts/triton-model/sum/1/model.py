"""The smallest model that shows a server at work: SUM is A + B."""

import triton_python_backend_utils as utils


class TritonPythonModel:
    def execute(self, requests):
        return [
            utils.InferenceResponse(
                [
                    utils.Tensor(
                        "SUM",
                        utils.get_input_tensor_by_name(request, "A").as_numpy()
                        + utils.get_input_tensor_by_name(request, "B").as_numpy(),
                    )
                ]
            )
            for request in requests
        ]
