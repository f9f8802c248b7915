# A new cookie key signs, the older ones go on verifying, and one that is taken away does not.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ headers => ['Content-Type', 'application/json'], body => '{}' });

$t->keys;
$t->policy;

my $http = <<'EOT';
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

$t->run($http);

sub kid {
    my ($cookie) = @_;
    require MIME::Base64;
    return MIME::Base64::decode_base64url($cookie =~ s/^consent=([^.]*).*/$1/sr) =~ /"kid":"(\w+)"/ ? $1 : undef;
}

sub level {
    my ($cookie) = @_;
    $t->get('/', cookie => $cookie);
    return $up->last->header('Consent-Level');
}

my $first = $t->decide(level => 'forms');
is(level($first), 'forms', 'a decision is in force');

my ($status, $said) = $t->run_ctl('keygen', $t->path('keys'), '--rotate', 'cookie');
is($status, 0, 'a key is put in front') or diag $said;
my @lines = split /\n/, $t->read('keys/cookie.key');
is(scalar(@lines), 2, 'of the other');
is((stat $t->path('keys/cookie.key'))[2] & 07777, 0600, 'in a file that stays its owner\'s');

ok($t->reload($http, drain => 1), 'nginx takes it');
is(level($first), 'forms', 'the older key still verifies');

my $second = $t->decide(level => 'contact');
isnt(kid($second), kid($first), 'the new one signs');
is(level($second), 'contact', 'and is good');

$t->write('keys/cookie.key', "$lines[0]\n");
chmod 0600, $t->path('keys/cookie.key');
ok($t->reload($http, drain => 1), 'the older one is taken away');
is(level($first), 'needed', 'then what it signed counts for nothing');
is(level($second), 'contact', 'and what the new one signed still does');

$t->quit;
like(scalar $t->run_ctl('log', 'show', $t->path('store'), '--type', 'key', '--json'), qr/\Q${\kid($first)}\E/,
    'the log knows the keys by their ids');

($status) = $t->run_ctl('keygen', $t->path('keys'), '--rotate', 'log');
is($status, 2, 'other keys are not rotated this way');

done_testing;
