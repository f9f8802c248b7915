# Witnesses: this node brings them its checkpoints, with a proof from what they
# have seen last, and takes their lines from them or from whoever has them. Only
# good lines of configured witnesses are kept; publishing waits for nobody.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Log;
use Digest::SHA qw(sha256);
use MIME::Base64 qw(decode_base64 encode_base64);

my $t = Consent::Test->new;

$t->keys;
$t->policy;

# A witness: its key, and the line it writes under a text.

sub a_witness {
    my ($name) = @_;

    my $file = $t->path($name =~ tr/a-z/_/cr . '.pem');
    my ($status, $said) = $t->command('openssl', 'genpkey', '-algorithm', 'ed25519', '-out', $file);
    die $said if $status;
    chmod 0644, $file;

    (undef, my $der) = $t->command('openssl', 'pkey', '-in', $file, '-pubout', '-outform', 'DER');
    my $key = "\x04" . substr $der, -32;
    my $id = substr sha256("$name\n$key"), 0, 4;

    return { name => $name, file => $file, id => $id, vkey => join '+', $name, unpack('H8', $id), encode_base64($key, '') };
}

sub cosign {
    my ($w, $text, $n) = @_;

    my $time = time;
    my $dir = $t->path("sign-$$-" . ++$n);
    open my $f, '>:raw', $dir or die "$dir: $!";
    print $f "cosignature/v1\ntime $time\n$text";
    close $f;
    my $signature = `openssl pkeyutl -sign -rawin -inkey $w->{file} -in $dir`;
    unlink $dir;

    return "\xe2\x80\x94 $w->{name} " . encode_base64($w->{id} . pack('Q>', $time) . $signature, '') . "\n";
}

my $pulled = a_witness('witness.example/pulled');
my $pushed = a_witness('witness.example/pushed');
my $stranger = a_witness('stranger.example');

# What a witness of tlog-witness does, but for the proof, which is looked at below: it refuses what does not begin at the
# size that it has seen.

my $seen = $t->path('seen');
my $mood = $t->path('mood');
chmod 0777, $t->path('tmp');

sub file_of { open my $f, '<', $_[0] or return ''; local $/; return <$f> // '' }
sub write_file { open my $f, '>', $_[0] or die "$_[0]: $!"; print $f $_[1]; close $f }

write_file($seen, 0);

my $server = $t->upstream(sub {
    my ($r) = @_;

    return {} if $r->method ne 'POST' || $r->uri ne '/w/add-checkpoint';

    my ($head, $note) = $r->body =~ /\A(.*?\n)\n(.*)\z/s or return { status => 400 };
    my ($old, @proof) = split /\n/, $head;
    $old =~ s/^old // or return { status => 400 };
    my ($text) = $note =~ /\A(.*?\n)\n/s;
    my ($size) = $text =~ /\n(\d+)\n/;
    my $mood = file_of($mood);

    return { status => 500 } if $mood eq 'ill';
    return { status => 409, headers => ['Content-Type', 'text/x.tlog.size'], body => file_of($seen) . "\n" }
        if $old != file_of($seen);
    return { body => cosign($stranger, $text) } if $mood eq 'false';
    return { body => cosign($pulled, "other\n$text") } if $mood eq 'wrong';

    write_file($seen, $size);
    return if $mood eq 'lost';
    return { body => cosign($pulled, $text) };
}, port => 1);

$t->run(<<"EOF", workers => 1);
    %%CONSENT%%
    consent_log_interval 100ms;
    consent_witness $pulled->{vkey} /witness;
    consent_witness $pushed->{vkey};

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ { consent_pages; }
        location /log/      { consent_log allow=127.0.0.1; }
        location /witness/  { internal; proxy_pass http://127.0.0.1:%%PORT_1%%/w/; }
    }
EOF

my $log = Consent::Test::Log->new($t);

sub decide {
    is(Consent::Test::Citizen->new($t)->choose(level => 'contact', scope => 'standing', ai => 'any')->status, 303,
        'a decision');
}

sub cosigned {
    my ($what, $by, $more) = @_;

    my $c;
    ok($t->wait_for(sub {
        my $r = $log->get('checkpoint/cosigned');
        $c = $r->status == 200 && $r->body =~ /\xe2\x80\x94 \Q$by->{name}\E / ? $log->read_checkpoint($r->body) : undef;
        return $c && (!$more || $more->($c));
    }, 20), $what) or die "nothing more can be said\n";

    return $c;
}

my $c = cosigned('a witness signs what there is', $pulled);
is(scalar($log->entries($c)), $c->{size}, 'a checkpoint of this log');

like(($server->requests)[0]->body, qr/\Aold 0\n\ntest\.example/, 'first there is nothing to prove');

decide();
my $later = cosigned('and what follows', $pulled, sub { $_[0]{size} > $c->{size} });

my ($r) = grep { $_->body =~ /\Aold [1-9]/ } reverse $server->requests;
ok($r, 'with a proof from what it has seen');
my ($old, $proof) = $r->body =~ /\Aold (\d+)\n((?:\S+\n)*)\n/;
my $new = $log->read_checkpoint($r->body =~ /\n\n(.*)\z/s);
my @entries = $log->entries($new);
my @hashes = map { sha256("\0$_") } @entries;

# RFC 6962, section 2.1.2
sub prove {
    my ($m, $whole, @d) = @_;

    return $whole ? () : Consent::Test::Log::root(@d) if $m == @d;

    my $k = 1;
    $k *= 2 while $k * 2 < @d;

    return $m <= $k ? (prove($m, $whole, @d[0 .. $k - 1]), Consent::Test::Log::root(@d[$k .. $#d]))
        : (prove($m - $k, 0, @d[$k .. $#d]), Consent::Test::Log::root(@d[0 .. $k - 1]));
}

is($proof, join('', map { encode_base64($_, '') . "\n" } prove($old, 1, @hashes)), 'that is right');

# one whose answer is lost has seen more than it has given a line for: it is asked for that again

sub size { return $log->checkpoint->{size} }

sub still {
    return $t->wait_for(sub {
        my $n = size();
        select undef, undef, undef, 0.3;
        return $n == size() ? $n : 0;
    });
}

$later = cosigned('all is signed', $pulled, sub { $_[0]{size} == still() });
write_file($mood, 'lost');
decide();
ok($t->wait_for(sub { my $n = file_of($seen) || 0; $n > $later->{size} && $n == size() }, 20), 'a witness whose answer is lost');
is($log->checkpoint('checkpoint/cosigned')->{size}, $later->{size}, 'its line is not there');
write_file($mood, '');
my $size = size();
$c = cosigned('is asked again, with nothing new to sign', $pulled, sub { $_[0]{size} == $size });
like((reverse $server->requests)[0]->body, qr/\Aold $size\n\n/, 'from what it says that it has seen');

# one that comes by itself

still();
my $checkpoint = $log->checkpoint;
my $line = cosign($pushed, $checkpoint->{text});

sub add { return $t->request('POST', '/log/add-checkpoint', body => $_[0]) }

is(add("$checkpoint->{text}\n$line")->status, 200, 'another one is brought');
cosigned('and kept', $pushed);
like($log->get('checkpoint')->body, qr/\Q$pushed->{name}\E/, 'with the newest');
is(add("old 0\n\n$checkpoint->{note}$line")->status, 200, 'again, as tlog-witness writes it');
is(scalar(() = $log->get('checkpoint')->body =~ /\Q$pushed->{name}\E/g), 1, 'it stands there once');

for my $case (
    ['a stranger\'s line', 404, "$checkpoint->{text}\n" . cosign($stranger, $checkpoint->{text})],
    ['a line for another text', 403, "$checkpoint->{text}\n" . cosign($pulled, "$checkpoint->{text}x\n")],
    ['another text', 404, "$checkpoint->{text}x\n\n" . cosign($pushed, "$checkpoint->{text}x\n")],
    ['a size that was never signed', 404, $checkpoint->{text} =~ s/\n\d+\n/\n99999\n/r . "\n$line"],
    ['no line', 404, $checkpoint->{note} =~ /\A(.*?\n\n[^\n]+\n)/s],
    ['nothing', 400, ''],
    ['no checkpoint', 400, "hello\n"],
    ['too much', 413, 'x' x 100_000],
) {
    my ($what, $status, $body) = @$case;
    is(add($body)->status, $status, $what);
}

unlike($log->get('checkpoint')->body . $log->get('checkpoint/cosigned')->body, qr/stranger|99999/, 'nothing of that is kept');
is($log->get('add-checkpoint')->status, 404, 'it is not read');

# one that is ill, or false, holds up nobody, and is asked again

for my $how ('ill', 'false', 'wrong') {
    write_file($mood, $how);
    my $before = $log->checkpoint->{size};
    decide();
    ok($t->wait_for(sub { $log->checkpoint->{size} > $before }), "published while it is $how");
    ok($t->wait_for_log(qr/the witness "witness\.example\/pulled" has not signed/), 'which is said');
    unlike($log->get('checkpoint')->body, qr/stranger/, 'and nothing of it kept');
}

# it has lost its memory, or more than we know

write_file($seen, $c->{size});
write_file($mood, '');
decide();
cosigned('and goes on where it says', $pulled, sub { $_[0]{size} > $later->{size} + 3 });

done_testing();
