package org.ntk4j.panel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The files of a run that never was: three functions, two widths, two seeds, ten examples in two classes. */
final class RunFixture {

    static final String NASTY = "<script>alert('x')</script> \"quoted\" & more";

    private final Path folder;

    private RunFixture(Path folder) {
        this.folder = folder;
    }

    /** Tables as they are written now. */
    static RunFixture write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("report"));
        RunFixture run = new RunFixture(folder);
        run.file("manifest.json", "{\"status\": \"done\", \"command\": [\"ntk\", \"run\", \"" + NASTY.replace("\"", "\\\"")
                + "\"], \"started\": \"2026-01-02T03:04:05.678Z\","
                + " \"ended\": \"2026-01-02T03:05:05.678Z\", \"versions\": {\"ntk4j\": \"0\"}, \"machine\": {\"cpu\": \"none\", "
                        + "\"memoryBytes\": 1073741824}}");
        run.file("config.yaml", "description: " + NASTY + "\n");
        run.results(true);
        run.summary();
        run.history();
        run.predictions();
        run.spectrum();
        run.features();
        run.file("report/notes.csv", "run,seed,network.mlp.width,kind,note\r\nr,0,64,note,\"" + NASTY.replace("\"", "\"\"")
                + " at 0.1\"\r\nr,1,64,note,\"" + NASTY.replace("\"", "\"\"")
                + " at 0.2\"\r\nr,0,64,kernel,eigenvalues\r\n");
        run.file("report/looks.csv", "run,seed,network.mlp.width,example,picture,text\r\n" + "r,0,64,3,,\"" + NASTY.replace("\"", "\"\"")
                + "\"\r\nr,0,64,4,../../secret.png,\r\n");
        return run;
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static final List<String> FUNCTIONS = List.of("network", "regression.init", "regression.trained", "regression.infinite");

    /** Values grow with the function and fall with the width. */
    private static double rmse(String function, int width, int seed) {
        return (0.1 + 0.05 * FUNCTIONS.indexOf(function) + 0.001 * seed) * 8 / Math.sqrt(width);
    }

    void results(boolean at) throws IOException {
        StringBuilder text = new StringBuilder("run,seed,network.mlp.width,subject,reference,split,step,metric,value" + (at ? ",at" : "")
                + "\r\n");
        for (int width : List.of(64, 256)) {
            for (int seed = 0; seed < 2; seed++) {
                String start = "r," + seed + "," + width + ",";
                for (String f : FUNCTIONS) {
                    boolean network = f.equals("network");
                    text.append(start).append(f).append(",labels,test,100,accuracy,0.8").append(at ? ",trained" : "").append("\r\n");
                    if (!network) {
                        text.append(start).append(f).append(",network,test,100,rmse,").append(rmse(f, width, seed))
                                .append(at ? ",trained" : "").append("\r\n");
                        text.append(start).append(f).append(",network,test,,rmse,").append(2 * rmse(f, width, seed))
                                .append(at ? ",limit" : "").append("\r\n");
                    }
                }
                text.append(start).append("ntk.init,ntk.infinite,train,0,relativeFrobenius,").append(1 / Math.sqrt(width))
                        .append(at ? ",start" : "").append("\r\n");
                text.append(start).append("ntk.trained,ntk.init,train,100,relativeFrobenius,").append(1.0 / width)
                        .append(at ? ",trained" : "").append("\r\n");
                text.append(start).append("ntk.trained,ntk.init,train,100,kernelDistance,").append(1.0 / width).append(at ? ",trained" : "")
                        .append("\r\n");
                text.append(start).append("ntk.init,labels,train,0,alignment,0.1").append(at ? ",start" : "").append("\r\n");
                text.append(start).append("ntk.trained,labels,train,100,alignment,0.3").append(at ? ",trained" : "").append("\r\n");
                text.append(start).append("network,,train,100,learningRate,2").append(at ? ",trained" : "").append("\r\n");
                text.append(start).append("ntk.init,,train,0,sharpnessRatio,0.5").append(at ? ",start" : "").append("\r\n");
                text.append(start).append("ntk.trained,,train,100,sharpnessRatio,1.5").append(at ? ",trained" : "").append("\r\n");
                text.append(start).append("network,,train,0,nfa/0.conv,0.3").append(at ? ",start" : "").append("\r\n");
                text.append(start).append("network,,train,100,nfa/0.conv,0.7").append(at ? ",trained" : "").append("\r\n");
                text.append(start).append("network,,train,100,weightChange/0.conv,0.25").append(at ? ",trained" : "").append("\r\n");
                text.append(start).append("network,,train,100,largestStableRate,4").append(at ? ",trained" : "").append("\r\n");
            }
        }
        file("results.csv", text.toString());
    }

    private void summary() throws IOException {
        StringBuilder text = new StringBuilder("network.mlp.width,subject,reference,split,step,metric,mean,deviation,count,at\r\n");
        for (int width : List.of(64, 256)) {
            for (String f : FUNCTIONS) {
                double accuracy = 0.8 + 0.02 * FUNCTIONS.indexOf(f);
                line(text, width, f, "labels", "100", "accuracy", accuracy, "trained");
                line(text, width, f, "labels", "100", "accuracyLow", accuracy - 0.05, "trained");
                line(text, width, f, "labels", "100", "accuracyHigh", accuracy + 0.05, "trained");
                if (!f.equals("network")) {
                    line(text, width, f, "network", "100", "rmse", rmse(f, width, 0), "trained");
                    line(text, width, f, "network", "100", "correlation", 0.9 - 0.1 * FUNCTIONS.indexOf(f), "trained");
                    line(text, width, "network", f, "100", "accuracyDifference", 0.8 - accuracy, "trained");
                    line(text, width, "network", f, "100", "accuracyDifferenceLow", 0.8 - accuracy - 0.03, "trained");
                    line(text, width, "network", f, "100", "accuracyDifferenceHigh", 0.8 - accuracy + 0.03, "trained");
                }
            }
            text.append(width).append(",ntk.init,ntk.infinite,train,0,relativeFrobenius,").append(1 / Math.sqrt(width))
                    .append(",0.01,2,start\r\n");
            text.append(width).append(",ntk.trained,ntk.init,train,100,relativeFrobenius,").append(1.0 / width)
                    .append(",0.001,2,trained\r\n");
            for (String f : List.of("regression.infinite", "regression.init")) {
                int verdict = f.equals("regression.init") ? 0 : width == 64 ? 1 : -1;
                line(text, width, "regression.trained", f, "100", "closerBy", 0.02 * verdict, "trained");
                line(text, width, "regression.trained", f, "100", "closerByLow", 0.02 * verdict - 0.01, "trained");
                line(text, width, "regression.trained", f, "100", "closerByHigh", 0.02 * verdict + 0.01, "trained");
                line(text, width, "regression.trained", f, "100", "closerVerdict", verdict, "trained");
            }
        }
        file("summary.csv", text.toString());
    }

    private static void line(StringBuilder text, int width, String subject, String reference, String step, String metric, double mean,
            String at) {
        text.append(String.format(Locale.ROOT, "%d,%s,%s,test,%s,%s,%.12f,0.01,2,%s\r\n", width, subject, reference, step, metric, mean,
                at));
    }

    private void history() throws IOException {
        StringBuilder text = new StringBuilder("run,seed,network.mlp.width,step,time,seconds,subject,split,loss,accuracy\r\n");
        for (int width : List.of(64, 256)) {
            for (int seed = 0; seed < 2; seed++) {
                for (String f : FUNCTIONS) {
                    for (String split : List.of("train", "test")) {
                        for (int step : List.of(0, 1, 10, 100)) {
                            // f_T is off by 10 %, f_∞ by more.
                            double factor = 1 + 0.1 * Math.abs(FUNCTIONS.indexOf(f) - 2) + (f.equals("network") ? -0.2 : 0.1);
                            text.append(String.format(Locale.ROOT, "r,%d,%d,%d,%d,0.1,%s,%s,%s,%s\r\n", seed, width, step, 2 * step, f,
                                    split, factor / (1 + step), 1 - 0.5 / (1 + step)));
                        }
                    }
                }
            }
        }
        file("history.csv", text.toString());
    }

    private void predictions() throws IOException {
        StringBuilder text = new StringBuilder("run,seed,network.mlp.width,subject,split,step,example,label,output,value,at\r\n");
        for (int width : List.of(64, 256)) {
            for (String f : FUNCTIONS) {
                for (int example = 0; example < 10; example++) {
                    for (int output = 0; output < 2; output++) {
                        // Example 3 differs most.
                        double value = (output == 0 ? 1 : -1) * (example % 2 == 0 ? 0.5 : -0.5)
                                + (f.equals("network") ? 0 : example == 3 ? 1 : 0.01 * example);
                        text.append("r,0,").append(width).append(',').append(f).append(",test,100,").append(example).append(',')
                                .append(example % 2).append(',').append(output).append(',')
                                .append(value).append(",trained\r\n");
                    }
                }
            }
        }
        file("predictions.csv", text.toString());
    }

    /** A convolution 1 × 2 over six channels, of which the fourth is learnt, and a vector, which is no picture. */
    private void features() throws IOException {
        StringBuilder text = new StringBuilder("run,seed,network.mlp.width,layer,step,matrix,index,eigenvalue,input,value,row,column,"
                + "channel\r\n");
        for (int seed = 0; seed < 2; seed++) {
            for (String what : List.of("0,weights", "0,gradients", "100,weights", "100,gradients", "100,change")) {
                for (int i = 0; i < 12; i++) {
                    double value = i % 6 == 3 && what.startsWith("100") ? 0.6 : i == seed ? 0.5 : 0.1;
                    text.append("r,").append(seed).append(",64,0.conv,").append(what).append(",0,2,").append(i).append(',').append(value)
                            .append(",0,").append(i / 6).append(',').append(i % 6).append("\r\n");
                    text.append("r,").append(seed).append(",64,2.dense,").append(what).append(",0,2,").append(i).append(",0.5,,,")
                            .append(i).append("\r\n");
                }
            }
        }
        file("features.csv", text.toString());
    }

    private void spectrum() throws IOException {
        StringBuilder text = new StringBuilder("run,seed,network.mlp.width,subject,step,index,eigenvalue\r\n");
        for (int width : List.of(64, 256)) {
            for (String kernel : List.of("ntk.init,0", "ntk.trained,100", "ntk.infinite,")) {
                for (int i = 0; i < 60; i++) {
                    text.append("r,0,").append(width).append(',').append(kernel).append(',').append(i).append(',')
                            .append(100 * Math.pow(i + 1, -2)).append("\r\n");
                }
            }
        }
        file("spectrum.csv", text.toString());
    }
}
