// Draws the pictures of README from the newest runs of the two quick studies:
//   scripts/ntk run experiments/quickstart.yaml && scripts/ntk run experiments/cnn-stripes-quick.yaml && scripts/ntk run scripts/plot.jsh
report(Path.of("out/quickstart")).plot("training", Path.of("experiments/quickstart.svg"))
report(Path.of("out/quickstart")).plot("accuracy", Path.of("experiments/quickstart-accuracy.svg"))
report(Path.of("out/cnn-stripes-quick")).plot("accuracy", Path.of("experiments/cnn-stripes-quick.svg"))
