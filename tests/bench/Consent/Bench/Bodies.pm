package Consent::Bench::Bodies;

# What it costs to make less of a body: instructions, how long it holds the event loop at a time, memory.

use strict;
use warnings;

use Compress::Zlib ();
use POSIX ();

my $FORM = 'application/x-www-form-urlencoded';
my $SWEDISH = 'Sökanden bor på Storgatan 4 och nås på 070-123 45 67 eller anna@example.com. Ärendet 2026-11342 gäller'
    . " ett uterum om 24 kvadratmeter.\n";


# Believable bodies of about so many bytes, each with a little that may not pass.
sub form_body {
    my ($n) = @_;

    my $body = 'csrf=8c3f0a11b2&pnr=198001011234&epost=anna%40example.com&kommun=Exempel';
    my $i = 0;

    $body .= '&falt' . $i++ . '=Ett+uterum+om+24+kvadratmeter%2C+med+tak' while length $body < $n - 50;

    return $body;
}


sub json_body {
    my ($n) = @_;

    my $one = '{"id": 17, "pnr": "198001011234", "status": "open", "tags": ["bygglov", "uterum"], "yta": 24.5,'
        . ' "text": "Ett uterum om 24 kvadratmeter, med tak", "done": false, "next": null},' . "\n";

    return '{"items": [' . $one x ($n / length $one) . '{}]}';
}


my $PROSE = "Kommunfullmäktige beslutade i går att förlänga försöket med avgiftsfria resor för äldre till och med den 30 juni 2027.\n"
    . "Kostnaden beräknas till 12 450 000 kronor om året, vilket ryms inom nämndens ram, säger ordföranden – som hoppas att\n"
    . "de 3 400 personer i kommunen som berörs, de flesta av dem i tätorten, får besked före nästa sammanträde.\n";

sub prose_body { my ($n) = @_; return substr $PROSE x ($n / length($PROSE) + 1), 0, $n }


sub text_body { my ($n) = @_; return substr $SWEDISH x ($n / length($SWEDISH) + 1), 0, $n }


# what is sent, what it is called, how often, what it may cost
sub body_rows {
    return (
        ['form 1 KB', $FORM, form_body(1024), 100, 20_000],
        ['form 16 KB', $FORM, form_body(16_000), 50, 0],
        ['JSON 1 KB', 'application/json', json_body(1024), 100, 0],
        ['JSON 16 KB', 'application/json', json_body(16_000), 50, 300_000],
        ['JSON 1 MB', 'application/json', json_body(1_048_000), 5, 12_000_000],
        ['JSON 1 MB, gzip', 'application/json', json_body(1_048_000), 5, 0, 'gzip'],
        ['prose 1 MB', 'text/plain; charset=utf-8', prose_body(1_048_000), 5, 0],
        ['text 1 MB', 'text/plain; charset=utf-8', text_body(1_048_000), 5, 0],
        ['multipart 1 MB', 'multipart/form-data; boundary=x', "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n"
            . text_body(1_048_000) . "\r\n--x\r\nContent-Disposition: form-data; name=\"pnr\"\r\n\r\n198001011234\r\n--x--\r\n", 5, 0],
    );
}


sub send_body {
    my ($self, $c, $n, $row) = @_;

    my (undef, $type, $body, undef, undef, $packed) = @$row;
    my @headers = ('Content-Type', $type);

    if ($packed) {
        $body = Compress::Zlib::memGzip($body);
        push @headers, 'Content-Encoding', 'gzip';
    }

    for (1 .. $n) {
        my $r = $c->request('POST', '/post', headers => \@headers, body => $body);
        die "$row->[0]: " . $r->raw if $r->status != 200;
    }
}


sub bodies {
    my ($self) = @_;

    print "Instructions of a request with a body in user space over bare nginx (callgrind)\n";

    local $Consent::Test::Client::TIMEOUT = 120;
    my %count;

    for my $kind ('bare', 'consent') {
        my $out = $self->{t}->path("callgrind.$kind");
        my $dumps = 0;

        $self->start($kind, single => 1, under => ['valgrind', '--tool=callgrind', '--separate-threads=yes',
            '--fair-sched=yes', '--log-file=/dev/null', "--callgrind-out-file=$out"]);
        my $c = $self->{t}->connect(port => $kind);

        for my $row (body_rows()) {
            $self->send_body($c, 2, $row);
            $self->dump($kind, ++$dumps);
            $self->send_body($c, $row->[3], $row);
            $self->dump($kind, ++$dumps);
            ($count{$row->[0]}{$kind}) = map { $_ / $row->[3] } $self->dumped($kind, $dumps);
        }

        $c->close;
        $self->stop($kind);
    }

    for my $row (body_rows()) {
        my ($what, undef, $body, undef, $goal) = @$row;
        my ($ours, $bare) = @{$count{$what}}{qw(consent bare)};
        $self->row($what, sprintf '%9.0f  (%.0f - %.0f%s), %.1f a byte', $ours - $bare, $ours, $bare,
            $goal ? "; goal $goal" : '', ($ours - $bare) / length $body);
    }
}


# What one step costs of those between which the loop may go on; of the dearest kinds, too.
sub slices {
    my ($self) = @_;

    my $slices = "$Consent::Test::BUILD/bench/body_slices";

    print "Instructions of one step through a body (callgrind; 250000 are a tenth of a millisecond)\n";

    return $self->row('not built', '') if !-x $slices;

    my @rows = ((map { [@$_[0 .. 2], $_->[5] // ''] } body_rows()), ['numbers 16 KB', 'text/plain', '811228-9874 ' x 1365, ''],
        ['digits 16 KB', 'text/plain', '1 ' x 8192, ''], ['addresses 16 KB', 'text/plain', 'a@' x 8192, '']);

    for my $row (@rows) {
        my ($what, $type, $body, $packed) = @$row;
        my $out = $self->{t}->path('slices');
        unlink glob "$out.*";

        my ($status, $said) = $self->{t}->command('valgrind', '--tool=callgrind', '--dump-before=consent_body_some',
            "--callgrind-out-file=$out", $slices, $self->{t}->path('policy.json'), $type, $packed,
            $self->{t}->write('slice.body', $packed ? Compress::Zlib::memGzip($body) : $body));
        die "$what: $said" if $status;

        # the first part is what comes before all steps, the last is numbered no more, and has the end of the program

        my @parts = map { [/(\d+)$/, $self->{t}->read('slices' . (/\.(\d+)$/ ? ".$1" : '')) =~ /^totals: (\d+)/m] }
            glob "$out.*";
        my @s = sort { $a <=> $b } map { $_->[1] } grep { $_->[0] > 1 } @parts;
        $self->row($what, @s ? sprintf('half of %d under %d, 99 of 100 under %d, the dearest %d', scalar @s, $s[$#s / 2],
            $s[$#s * 0.99], $s[-1]) : 'one step');
    }
}


# How long the worker is busy between two waits for events, and what it needs at most beyond what a bare one does.
sub turns {
    my ($self) = @_;

    print "A body of 12 MB: how long one turn holds the event loop, and memory over bare nginx\n";

    return $self->row('strace is not installed', '') if system 'command -v strace >/dev/null';

    for my $row (['JSON', 'application/json', json_body(12_000_000)], ['text', 'text/plain; charset=utf-8', text_body(9_000_000)],
        ['JSON, gzip', 'application/json', json_body(9_000_000), 0, 0, 'gzip'])
    {
        my (%peak, @busy);

        for my $kind ('bare', 'consent') {
            my $pid = $self->start($kind, single => 1);
            my $c = $self->{t}->connect(port => $kind);
            $self->send_body($c, 1, ['small', $row->[1], substr $row->[2], 0, 0]);
            my $before = $self->peak($pid);
            $self->send_body($c, 2, $row);
            $peak{$kind} = $self->peak($pid) - $before;
            @busy = $self->busy($pid, sub { $self->send_body($c, 3, $row) }) if $kind eq 'consent';
            $c->close;
            $self->stop($kind);
        }

        my @s = sort { $a <=> $b } @busy;
        $self->row($row->[0], sprintf 'half of %d turns under %.0f µs, 99 of 100 under %.0f µs, the longest %.0f µs; %+d KB',
            scalar @s, 1e6 * $s[$#s / 2], 1e6 * $s[$#s * 0.99], 1e6 * $s[-1], $peak{consent} - $peak{bare});
    }
}


# KB
sub peak {
    my ($self, $pid) = @_;

    open my $f, '<', "/proc/$pid/status" or return 0;
    local $/;

    return <$f> =~ /^VmHWM:\s*(\d+)/m ? $1 : 0;
}


# Seconds, of each turn of the loop.
sub busy {
    my ($self, $pid, $work) = @_;

    my $out = $self->{t}->path('strace.turns');
    unlink $out;

    my $strace = fork() // die "fork: $!\n";

    if (!$strace) {
        open STDERR, '>', '/dev/null';
        exec 'strace', '-ttt', '-T', '-e', 'trace=epoll_wait', '-o', $out, '-p', $pid or POSIX::_exit(127);
    }

    $self->{t}->wait_for(sub { $self->traced($pid) }, 10) or die "strace does not attach\n";
    $work->();
    kill 'INT', $strace;
    waitpid $strace, 0;

    my ($end, @busy);

    for (split /\n/, $self->{t}->read('strace.turns')) {
        next if !/^(\d+\.\d+) .*<(\d+\.\d+)>$/;
        push @busy, $1 - $end if defined $end;
        $end = $1 + $2;
    }

    return @busy;
}


1;
