exec id -un
