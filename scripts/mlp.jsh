// experiments/mlp-mnist-quick.yaml in a chain: an MLP next to its kernels, over two widths and three seeds.
var result = Experiment.mlp().name("mlp")
    .depth(2).activation(relu()).wStd(sqrt(2)).bStd(0.1)
    .on(mnistSample().train(200).test(100))
    .train(gradientDescent().until(trainLoss(5e-3).or(maxSteps(2000))))
    .ridge(1e-6)
    .sweep("network.mlp.width", 64, 512)
    .sweep("seed", 0, 1, 2)
    .ntk()
    .compare();
result.accuracy("network")
