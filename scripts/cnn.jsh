// experiments/cnn-mnist-quick.yaml in a chain: a CNN next to its kernels, with both readouts.
var result = Experiment.cnn().name("cnn")
    .depth(2).wStd(sqrt(2)).bStd(0.1)
    .on(mnistSample().train(40).test(20).normalize("standard"))
    .train(adam().learningRate(3e-3).until(trainLoss(1e-2).or(maxSteps(400))))
    .ridge(1e-6)
    .sweep("network.cnn.readout", "flatten", "gap")
    .sweep("network.cnn.channels", 8, 32)
    .sweep("seed", 0, 1, 2)
    .ntk()
    .compare();
result.accuracy("network")
