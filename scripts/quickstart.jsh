// The study of experiments/quickstart.yaml in one chain.
Experiment.mlp().name("quickstart")
    .width(256).depth(2).activation(relu()).wStd(sqrt(2)).bStd(0.1)
    .on(mnistSample())
    .train(gradientDescent().until(trainLoss(5e-3).or(maxSteps(3000))))
    .ntk()
    .compare();
