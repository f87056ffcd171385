// Validates PDF files with veraPDF's classes: PdfCheck FLAVOUR[,FLAVOUR…] FILE…
// Prints one line per file and flavour, then every rule that is broken with how often. Exit code 1 if any is.

import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public final class PdfCheck {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    boolean valid = true;
    for (int index = 1; index < arguments.length; index++) {
      for (String flavour : arguments[0].split(",")) {
        valid &= check(new File(arguments[index]), PDFAFlavour.byFlavourId(flavour));
      }
    }
    System.exit(valid ? 0 : 1);
  }

  private static boolean check(File file, PDFAFlavour flavour) throws Exception {
    try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour)) {
      ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
      Map<String, Integer> broken = new TreeMap<>();
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() == TestAssertion.Status.FAILED) {
          String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
          broken.merge(rule + " " + assertion.getMessage(), 1, Integer::sum);
        }
      }
      System.out.println(file.getName() + " " + flavour.getId() + ": " + (result.isCompliant() ? "ok" : "BROKEN"));
      broken.forEach((rule, times) -> System.out.println("  " + times + " × " + rule));
      return result.isCompliant();
    }
  }
}
