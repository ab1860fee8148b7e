"""llama.cpp's server with one model, for scripts/chat-model: WEIGHTS PORT, 0 for a free one.

Prints its base URL when it answers, and ends with SIGTERM or with the program that started it.
"""

import ctypes
import os
import signal
import sys

import xllamacpp

# One thread: with more, a machine that does other work too waits for the slowest of them at each token.
N_THREADS = 1
N_CONTEXT = 4096
# From Linux: send me a signal when my parent ends.
PR_SET_PDEATHSIG = 1


def main():
    weights, port = sys.argv[1], int(sys.argv[2])
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    # What is said is the base URL alone; the library's own lines go to the log.
    said = os.dup(1)
    os.dup2(2, 1)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = weights
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    # Else answers name the file that the weights are in.
    parameters.model_alias = {"SmolLM2-135M-Instruct"}
    parameters.n_ctx = N_CONTEXT
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = N_THREADS
    parameters.cpuparams_batch.n_threads = N_THREADS
    server = xllamacpp.Server(parameters)
    os.write(said, f"{server.listening_address}/v1\n".encode())
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    # The library's threads have nothing to put away, and joining them may wait for an answer under way.
    os._exit(0)


main()
