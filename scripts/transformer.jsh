// experiments/transformer-phrases-quick.yaml in a chain: a transformer next to its kernels, on sentences whose words alone say nothing.
// On sentences of your own: .on(sentences(Path.of("rated.tsv")).columns(3, 2).threshold(0).drop(-0.5, 0.5).vectors(Path.of("glove.txt")))
var result = Experiment.transformer().name("transformer")
    .blocks(1).heads(2).feedForward(64)
    .on(phrases().difficulty(1).train(120).test(100))
    .train(gradientDescent().until(trainLoss(5e-3).or(maxSteps(2000))))
    .ridge(1e-6)
    .sweep("network.transformer.width", 16, 64)
    .sweep("seed", 0, 1, 2)
    .ntk()
    .compare();
result.accuracy("network")
