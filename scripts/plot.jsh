// Draws experiments/quickstart.svg from the newest run of experiments/quickstart.yaml:
//   scripts/ntk run experiments/quickstart.yaml && scripts/ntk run scripts/plot.jsh
report(Path.of("out/quickstart")).plot("training", Path.of("experiments/quickstart.svg"))
