// Draws experiments/quickstart.svg from the newest run of experiments/quickstart.yaml:
//   scripts/ntk run experiments/quickstart.yaml && scripts/ntk run scripts/plot.jsh
// Left and middle: the network and the three regressions along training (history.csv).
// Right: how far the regressions end from the network (results.csv).
import java.nio.file.Files;
import org.apache.commons.csv.*;

var run = Path.of("out/quickstart/latest");
var picture = Path.of("experiments/quickstart.svg");

// Colours that colour-blind readers can tell apart (Okabe and Ito); dashes tell the curves apart in print.
record Line(String subject, String symbol, String colour, String dash, double width) {}
var lines = List.of(
    new Line("regression.infinite", "f_∞", "#D55E00", "1 5", 3),
    new Line("regression.init", "f_0", "#009E73", "none", 4.5),
    new Line("regression.trained", "f_T", "#0072B2", "9 6", 2.5),
    new Line("network", "NN_T", "#000000", "none", 1.8));

List<CSVRecord> read(String file) throws Exception {
    try (var reader = Files.newBufferedReader(run.resolve(file))) {
        return CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get().parse(reader).getRecords();
    }
}
String number(double v) { return String.format(Locale.ROOT, "%.1f", v); }

// A plot area of 250 by 220 points: x from left, y from the top of the picture.
record Panel(double left, double low, double high, boolean logarithmic, double steps) {
    double x(double step) { return left + 250 * log(step) / log(steps); }
    double y(double v) { return 310 - 220 * (logarithmic ? log(v / low) / log(high / low) : (v - low) / (high - low)); }
}

var svg = new StringBuilder();
void text(double x, double y, String anchor, int size, String colour, String words) {
    var symbol = words.replaceAll("_(0|T|∞|NNGP)", "<tspan dy=\"4\" font-size=\"75%\">$1</tspan><tspan dy=\"-4\">\u200b</tspan>");
    svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"%s\">%s</text>%n", x, y, anchor, size, colour, symbol));
}
void rule(double x1, double y1, double x2, double y2, String colour) {
    svg.append(String.format(Locale.ROOT, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n", x1, y1, x2, y2, colour));
}

void curves(Panel panel, String title, String column, double[] ticks) throws Exception {
    text(panel.left(), 76, "start", 14, "#000", title);
    for (double v : ticks) {
        rule(panel.left(), panel.y(v), panel.left() + 250, panel.y(v), "#ddd");
        text(panel.left() - 6, panel.y(v) + 4, "end", 12, "#444", v < 0.1 ? String.format(Locale.ROOT, "%.2f", v) : String.format(Locale.ROOT, "%.1f", v));
    }
    for (int step = 1; step <= panel.steps(); step *= 10) {
        rule(panel.x(step), 310, panel.x(step), 315, "#444");
        text(panel.x(step), 330, "middle", 12, "#444", String.valueOf(step));
    }
    rule(panel.left(), 310, panel.left() + 250, 310, "#444");
    text(panel.left() + 125, 350, "middle", 12, "#444", "training step");
    var history = read("history.csv");
    for (var line : lines) {
        var points = new StringJoiner(" ");
        for (var r : history) {
            if (r.get("subject").equals(line.subject()) && r.get("split").equals("test") && !r.get("step").equals("0")) {
                points.add(number(panel.x(Integer.parseInt(r.get("step")))) + "," + number(panel.y(Double.parseDouble(r.get(column)))));
            }
        }
        svg.append(String.format(Locale.ROOT, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-dasharray=\"%s\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>%n",
            points, line.colour(), line.width(), line.dash()));
    }
}

double distance(String subject, String step) throws Exception {
    for (var r : read("results.csv")) {
        if (r.get("subject").equals(subject) && r.get("reference").equals("network") && r.get("split").equals("test")
                && r.get("metric").equals("rmse") && r.get("step").equals(step)) {
            return Double.parseDouble(r.get("value"));
        }
    }
    throw new IllegalStateException(run.resolve("results.csv") + " has no rmse of " + subject + " to the network");
}

void picture() throws Exception {
    int last = read("history.csv").stream().mapToInt(r -> Integer.parseInt(r.get("step"))).max().getAsInt();
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 370\" font-family=\"Helvetica, Arial, sans-serif\" role=\"img\" ")
       .append("aria-label=\"Test loss and test accuracy along training of the network and of three kernel regressions, and how far these end from the network\">\n")
       .append("<rect width=\"960\" height=\"370\" fill=\"#fff\"/>\n");
    text(60, 26, "start", 15, "#000", "1,000 MNIST digits, two hidden layers of 256: the network next to its kernels");
    double at = 60;
    for (var line : List.of(lines.get(3), lines.get(1), lines.get(2), lines.get(0))) {
        svg.append(String.format(Locale.ROOT, "<line x1=\"%.1f\" y1=\"46\" x2=\"%.1f\" y2=\"46\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-dasharray=\"%s\" stroke-linecap=\"round\"/>%n",
            at, at + 34, line.colour(), line.width(), line.dash()));
        var words = line.symbol() + " " + Map.of("network", "the network", "regression.init", "with Θ_0", "regression.trained", "with Θ_T", "regression.infinite", "with Θ_∞").get(line.subject());
        text(at + 42, 50, "start", 13, "#000", words);
        at += 180;
    }
    curves(new Panel(60, 0.01, 0.05, true, last), "loss on 100 test images", "loss", new double[] {0.01, 0.02, 0.05});
    curves(new Panel(370, 0.6, 1.0, false, last), "accuracy on 100 test images", "accuracy", new double[] {0.6, 0.7, 0.8, 0.9, 1.0});

    // Three rows of dots: at the network's last step, and in the limit.
    double left = 712, width = 200, most = 0.12;
    text(680, 76, "start", 14, "#000", "RMSE to NN_T on 100 test images");
    for (double v = 0; v <= most + 1e-9; v += 0.04) {
        rule(left + width * v / most, 90, left + width * v / most, 310, "#ddd");
        text(left + width * v / most, 330, "middle", 12, "#444", String.format(Locale.ROOT, "%.2f", v));
    }
    rule(left, 310, left + width, 310, "#444");
    var rows = List.of(lines.get(1), lines.get(2), lines.get(0));
    for (int i = 0; i < rows.size(); i++) {
        var line = rows.get(i);
        double y = 130 + 60 * i;
        double trained = left + width * distance(line.subject(), String.valueOf(last)) / most;
        double limit = left + width * distance(line.subject(), "") / most;
        text(left - 10, y + 4, "end", 14, "#000", line.symbol());
        rule(left, y, limit, y, "#aaa");
        svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"6\" fill=\"#fff\" stroke=\"%s\" stroke-width=\"2\"/>%n", limit, y, line.colour()));
        svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"6\" fill=\"%s\"/>%n", trained, y, line.colour()));
    }
    text(left + width / 2, 350, "middle", 12, "#444", "● at step " + last + ", ○ in the limit");
    svg.append("</svg>\n");
}

picture();
Files.writeString(picture, svg);
