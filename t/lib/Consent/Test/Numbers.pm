package Consent::Test::Numbers;

# Numbers and addresses that are valid, and nobody's: their checks hold.
#
#   personnummer(7)      '19500108-0075'    a date, '-', three digits, Luhn
#   samordningsnummer(7) the same with 60 added to the day
#   hetu(7), iban(7), card(7), phone(7), email(7)

use strict;
use warnings;

use Exporter 'import';
use POSIX ();

our @EXPORT = qw(personnummer samordningsnummer hetu iban card phone email);


sub luhn {
    my ($digits) = @_;

    my ($sum, $twice) = (0, 1);

    for (reverse split //, $digits) {
        my $d = $_ * (1 + $twice);
        $sum += $d > 9 ? $d - 9 : $d;
        $twice = !$twice;
    }

    return (10 - $sum % 10) % 10;
}


sub day {
    my ($n, $format) = @_;

    return POSIX::strftime($format, gmtime 86400 * (365 * 3 + $n));
}


sub personnummer {
    my ($n, $more) = @_;

    my $date = day($n, '%Y%m%d') + ($more // 0);
    my $serial = sprintf '%03d', ($n * 37 + 5) % 980;

    return "$date-$serial" . luhn(substr($date, 2) . $serial);
}


sub samordningsnummer { return personnummer($_[0], 60) }


sub hetu {
    my ($n, $sign) = @_;

    my $date = day($n, '%d%m%y');
    my $serial = sprintf '%03d', 2 + ($n * 41) % 890;

    return $date . ($sign // '-') . $serial . substr '0123456789ABCDEFHJKLMNPRSTUVWXY', "$date$serial" % 31, 1;
}


# The remainder of a long number, taken digit by digit.
sub iban {
    my ($n) = @_;

    my $account = sprintf '5000000%013d', 58398257000 + $n * 1009;
    my $rest = 0;
    $rest = ($rest * 10 + $_) % 97 for split //, "${account}281400";

    return sprintf 'SE%02d%s', 98 - $rest, $account;
}


sub card {
    my ($n) = @_;

    my $digits = sprintf '4539%011d', 14880343000 + $n * 1013;

    return $digits . luhn($digits);
}


sub phone { return sprintf '070-174%04d', 605 + $_[0] }
sub email { return sprintf 'anna.q7f%dz@exempel.se', $_[0] }


1;
