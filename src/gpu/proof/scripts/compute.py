# Computes on every GPU of this container with nothing but the driver's own library (libcuda.so.1, which the NVIDIA runtime brings
# along), and prints one line. Started by proof.sh with: PROOF_SEED, PROOF_PTX, PROOF_MARK, and PROOF_FREE (MiB that are free on the
# fullest GPU; empty: not known). Needs Python 3 and nothing besides; exits with 0 whatever it finds, the line says it.
import array
import ctypes
import hashlib
import json
import os
import sys

COUNT = 1 << 16
ROUNDS = 64
# A context alone takes some hundred MiB. On a card that is nearly full it would be taken from whoever works there.
LEAST_FREE_MIB = 1024

fact = {"fact": "compute", "seed": os.environ.get("PROOF_SEED", "0"), "by": "libcuda", "code": "", "said": "", "cuda": 0, "gpus": []}


class Refused(Exception):
    pass


def tell():
    sys.stdout.write(os.environ.get("PROOF_MARK", "") + " " + json.dumps(fact, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def call(cuda, name, *arguments):
    code = getattr(cuda, name)(*arguments)
    if code == 0:
        return
    text = ctypes.c_char_p()
    word = str(code)
    if cuda.cuGetErrorName(ctypes.c_int(code), ctypes.byref(text)) == 0 and text.value:
        word = text.value.decode("ascii", "replace")
    said = ""
    if cuda.cuGetErrorString(ctypes.c_int(code), ctypes.byref(text)) == 0 and text.value:
        said = text.value.decode("ascii", "replace")
    raise Refused(word, name + ": " + said)


def attribute(cuda, device, number):
    value = ctypes.c_int()
    call(cuda, "cuDeviceGetAttribute", ctypes.byref(value), ctypes.c_int(number), device)
    return value.value


def begin():
    words = array.array("I", bytes(4 * COUNT))
    for index in range(COUNT):
        words[index] = (index * 2654435761) & 0xFFFFFFFF
    return words


def compute(cuda, ordinal, seed):
    device = ctypes.c_int()
    call(cuda, "cuDeviceGet", ctypes.byref(device), ctypes.c_int(ordinal))
    name = ctypes.create_string_buffer(128)
    call(cuda, "cuDeviceGetName", name, ctypes.c_int(128), device)
    raw = (ctypes.c_ubyte * 16)()
    call(cuda, "cuDeviceGetUuid", ctypes.byref(raw), device)
    h = bytes(raw).hex()
    one = {
        "uuid": "GPU-%s-%s-%s-%s-%s" % (h[:8], h[8:12], h[12:16], h[16:20], h[20:]),
        "name": name.value.decode("ascii", "replace"),
        "capability": "%d.%d" % (attribute(cuda, device, 75), attribute(cuda, device, 76)),
        "digest": "",
    }
    fact["gpus"].append(one)
    words = begin()
    size = ctypes.c_size_t(4 * COUNT)
    host = (ctypes.c_ubyte * (4 * COUNT)).from_buffer(words)
    context = ctypes.c_void_p()
    call(cuda, "cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
    try:
        call(cuda, "cuCtxSetCurrent", context)
        module = ctypes.c_void_p()
        ptx = ctypes.c_char_p(os.environ["PROOF_PTX"].encode("ascii"))
        call(cuda, "cuModuleLoadData", ctypes.byref(module), ptx)
        function = ctypes.c_void_p()
        call(cuda, "cuModuleGetFunction", ctypes.byref(function), module, ctypes.c_char_p(b"proof"))
        data = ctypes.c_uint64()
        call(cuda, "cuMemAlloc_v2", ctypes.byref(data), size)
        call(cuda, "cuMemcpyHtoD_v2", data, host, size)
        values = [data, ctypes.c_uint32(seed), ctypes.c_uint32(COUNT), ctypes.c_uint32(ROUNDS)]
        pointers = (ctypes.c_void_p * 4)(*[ctypes.addressof(value) for value in values])
        numbers = [ctypes.c_uint(number) for number in (COUNT // 256, 1, 1, 256, 1, 1, 0)]
        call(cuda, "cuLaunchKernel", function, *numbers, None, pointers, None)
        call(cuda, "cuCtxSynchronize")
        ctypes.memset(host, 0, 4 * COUNT)
        call(cuda, "cuMemcpyDtoH_v2", host, data, size)
        call(cuda, "cuMemFree_v2", data)
        call(cuda, "cuModuleUnload", module)
    finally:
        cuda.cuDevicePrimaryCtxRelease_v2(device)
    if sys.byteorder != "little":
        words.byteswap()
    one["digest"] = hashlib.sha256(bytes(host)).hexdigest()[:16]


def main():
    seed = int(fact["seed"]) & 0xFFFFFFFF
    free = os.environ.get("PROOF_FREE", "")
    if free.isdigit() and int(free) < LEAST_FREE_MIB:
        raise Refused("no-memory", free + " MiB are free")
    try:
        cuda = ctypes.CDLL("libcuda.so.1")
    except OSError as error:
        raise Refused("no-libcuda", str(error))
    call(cuda, "cuInit", ctypes.c_uint(0))
    version = ctypes.c_int()
    call(cuda, "cuDriverGetVersion", ctypes.byref(version))
    fact["cuda"] = version.value
    number = ctypes.c_int()
    call(cuda, "cuDeviceGetCount", ctypes.byref(number))
    if number.value < 1:
        raise Refused("CUDA_ERROR_NO_DEVICE", "cuDeviceGetCount: 0")
    for ordinal in range(min(number.value, 64)):
        compute(cuda, ordinal, seed)


try:
    main()
except Refused as refused:
    fact["code"], fact["said"] = refused.args[0][:60], refused.args[1][:200]
except Exception as error:
    fact["code"], fact["said"] = "broken", (type(error).__name__ + ": " + str(error))[:200]
tell()
